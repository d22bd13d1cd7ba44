"""Reads the `Retry-After` header (RFC 9110, 10.2.3) in each spelling that portals use.

A date is compared with the answer's own `Date`: both come from the portal's clock, whatever ours
says. Never waits, never looks at a clock of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

HOUR_S = 3600.0

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def retry_after(
    headers: Mapping[str, str], *, now: datetime, cap_s: float = HOUR_S
) -> float | None:
    """Seconds to wait, between 0 and `cap_s`; None when the portal named no time we can read.

    `now` is for an answer that does not say when it was written.
    """
    text = headers.get("Retry-After", "").strip()
    seconds = float(text) if _SECONDS.fullmatch(text) else _until(text, headers, now)
    return None if seconds is None else min(max(seconds, 0.0), cap_s)


def _until(text: str, headers: Mapping[str, str], now: datetime) -> float | None:
    named = _moment(text)
    written = _moment(headers.get("Date", "")) or now
    return None if named is None else (named - written).total_seconds()


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    # A date without a zone is in GMT: HTTP knows no other.
    return found if found.tzinfo else found.replace(tzinfo=UTC)
