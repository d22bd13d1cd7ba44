from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.retry_after import HOUR_S, retry_after

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("1.5", 1.5),
        ("0", 0.0),
        ("Sun, 22 Nov 2026 03:02:00 GMT", 120.0),
        ("Sunday, 22-Nov-26 03:02:00 GMT", 120.0),
        ("Sun Nov 22 03:02:00 2026", 120.0),
        ("Sun, 22 Nov 2026 12:02:00 +0900", 120.0),
    ],
)
def test_both_spellings(header: str, seconds: float) -> None:
    """Seconds and HTTP-dates, in their obsolete forms too, name the same wait."""
    assert retry_after(header, now=NOW) == seconds


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1e3", "nan", "Sun, 99 Nov 2026"])
def test_unreadable(header: str | None) -> None:
    """A header that is missing or says nothing readable names no time."""
    assert retry_after(header, now=NOW) is None


def test_past() -> None:
    """A date gone by means now."""
    assert retry_after("Sun, 22 Nov 2026 02:00:00 GMT", now=NOW) == 0.0


@pytest.mark.parametrize("header", ["31536000", "9" * 400, "Mon, 22 Nov 2027 03:00:00 GMT"])
def test_absurd(header: str) -> None:
    """A year is capped, at an hour unless the caller says otherwise."""
    assert retry_after(header, now=NOW) == HOUR_S
    assert retry_after(header, now=NOW, cap_s=60) == 60


@given(st.text(max_size=40))
def test_any_text(header: str) -> None:
    """Whatever a portal writes, the wait is missing or within bounds."""
    wait = retry_after(header, now=NOW)
    assert wait is None or 0.0 <= wait <= HOUR_S


@given(st.integers(0, 3600), st.integers(-12, 12))
def test_date_and_seconds_agree(seconds: int, hours: int) -> None:
    """A date names the same wait as its distance in seconds, in any zone."""
    zone = timezone(timedelta(hours=hours))
    date = format_datetime((NOW + timedelta(seconds=seconds)).astimezone(zone))
    assert retry_after(date, now=NOW) == retry_after(str(seconds), now=NOW) == seconds
