"""Times as RFC 3339 writes them, always with a zone. Never guesses a zone that was left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_SHAPE = re.compile(
    r"(?a)\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?P<zone>[Zz]|[+-]\d\d:\d\d)?"
)
_EXAMPLE = "2026-11-22T09:00:00+09:00"


def parse_time(text: str) -> datetime:
    """Raise ValueError with words for the sender."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError(f"must be a time as RFC 3339 writes it, such as {_EXAMPLE}")
    if shape["zone"] is None:
        raise ValueError(f"has no time zone; add Z or an offset, such as {_EXAMPLE}")
    return _real(text.upper())


def _real(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        # A time at the edge of the calendar that has no counterpart in UTC cannot be stored.
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("names a day or an hour that does not exist; correct it") from None
    return moment
