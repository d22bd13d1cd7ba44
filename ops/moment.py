"""Reads a moment that a person wrote: a day, or a time of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ops.problem import bad_input


def read_moment(option: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    """Give the moment, in `zone` where it names none; raise `Problem` for what is none."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        words = f"{option}: {text} is no time; write 2026-04-01 or 2026-04-01T09:00:00+09:00"
        raise bad_input(words) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)
