"""Reads the `Retry-After` header (RFC 9110, 10.2.3) in each spelling that portals use.

Never waits, never looks at a clock of its own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

HOUR_S = 3600.0

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def retry_after(value: str | None, *, now: datetime, cap_s: float = HOUR_S) -> float | None:
    """Seconds to wait, between 0 and `cap_s`; None when the portal named no time we can read."""
    text = (value or "").strip()
    seconds = float(text) if _SECONDS.fullmatch(text) else _until(text, now)
    return None if seconds is None else min(max(seconds, 0.0), cap_s)


def _until(text: str, now: datetime) -> float | None:
    try:
        named = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    # A date without a zone is in GMT: HTTP knows no other.
    zoned = named if named.tzinfo else named.replace(tzinfo=UTC)
    return (zoned - now).total_seconds()
