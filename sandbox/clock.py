"""Time as the portals tell it: seconds since the epoch inside, text outside. Never waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
"""Gives the seconds since the epoch; `time.time` but where a test moves it by hand."""


def utc_text(at: float) -> str:
    """RFC 3339 in whole seconds with Z, as the Azure recordings show it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds_of(text: str) -> float:
    """Read RFC 3339; ValueError if it is none. Without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
