from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.retry_after import HOUR_S, retry_after

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def named(header: str | None, cap_s: float = HOUR_S, **more: str) -> float | None:
    """Give the wait that an answer with this header names."""
    headers = {} if header is None else {"Retry-After": header}
    return retry_after({**headers, **more}, now=NOW, cap_s=cap_s)


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
    assert named(header) == seconds


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1e3", "nan", "Sun, 99 Nov 2026"])
def test_unreadable(header: str | None) -> None:
    """A header that is missing or says nothing readable names no time."""
    assert named(header) is None


def test_past() -> None:
    """A date gone by means now."""
    assert named("Sun, 22 Nov 2026 02:00:00 GMT") == 0.0


@pytest.mark.parametrize("header", ["31536000", "9" * 400, "Mon, 22 Nov 2027 03:00:00 GMT"])
def test_absurd(header: str) -> None:
    """A year is capped, at an hour unless the caller says otherwise."""
    assert named(header) == HOUR_S
    assert named(header, cap_s=60) == 60


@pytest.mark.parametrize("ours", [timedelta(days=-1), timedelta(0), timedelta(days=1)])
def test_whatever_our_clock_says(ours: timedelta) -> None:
    """T1: a date is judged by the clock of the portal that wrote it, not by ours."""
    written = {"Date": "Sun, 22 Nov 2026 03:00:00 GMT"}
    header = {"Retry-After": "Sun, 22 Nov 2026 03:02:00 GMT"}

    assert retry_after({**written, **header}, now=NOW + ours) == 120


def test_an_unreadable_date_of_the_answer() -> None:
    """Where the portal does not say what time it has, ours must do."""
    assert named("Sun, 22 Nov 2026 03:02:00 GMT", Date="today") == 120


@given(st.text(max_size=40))
def test_any_text(header: str) -> None:
    """Whatever a portal writes, the wait is missing or within bounds."""
    wait = named(header)
    assert wait is None or 0.0 <= wait <= HOUR_S


@given(st.integers(0, 3600), st.integers(-12, 12))
def test_date_and_seconds_agree(seconds: int, hours: int) -> None:
    """A date names the same wait as its distance in seconds, in any zone."""
    zone = timezone(timedelta(hours=hours))
    date = format_datetime((NOW + timedelta(seconds=seconds)).astimezone(zone))
    assert named(date) == named(str(seconds)) == seconds
