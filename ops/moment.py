"""Moments as people write and read them: a day or a time of it in, our own clock's time out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ops.problem import bad_input


def read_moment(option: str, text: str | None, zone: ZoneInfo) -> datetime | None:
    """Give the moment that an option names, if it is given."""
    return None if text is None else moment_of(option, text, zone)


def moment_of(option: str, text: str, zone: ZoneInfo) -> datetime:
    """Give the moment, in `zone` where it names none; raise `Problem` for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        words = f"{option}: {text} is no time; write 2026-04-01 or 2026-04-01T09:00:00+09:00"
        raise bad_input(words) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def local(value: Any, zone: ZoneInfo) -> Any:  # noqa: ANN401  (any field of a row)
    """Show moments on the clock of the setting; leave anything else alone."""
    if isinstance(value, str) and value.endswith("Z"):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if not isinstance(value, datetime):
        return value
    whole = value.astimezone(zone) - timedelta(microseconds=value.microsecond)
    return f"{whole:%m-%d %H:%M:%S}"
