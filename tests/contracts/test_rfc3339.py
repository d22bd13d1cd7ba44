"""Times of RFC 3339, always with a zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.rfc3339 import parse_time


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T00:00:00Z",
        "2026-11-22t00:00:00z",
        "2026-11-22 09:00:00+09:00",
        "2026-11-22T09:00:00.000000000+09:00",
    ],
)
def test_spellings_of_one_moment(text: str) -> None:
    """Every spelling that RFC 3339 allows is the same moment."""
    assert parse_time(text) == parse_time("2026-11-22T00:00:00Z")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-22T09:00:00", "no time zone"),
        ("2026-11-22", "RFC 3339"),
        ("2026-W47-7T09:00:00Z", "RFC 3339"),
        ("２０２６-11-22T09:00:00Z", "RFC 3339"),
        ("2026-02-29T09:00:00Z", "does not exist"),
        ("2026-11-22T24:30:00Z", "does not exist"),
        ("0001-01-01T00:00:00+23:00", "does not exist"),
    ],
)
def test_what_is_no_moment(text: str, words: str) -> None:
    """What cannot be stored as a moment is refused with the reason."""
    with pytest.raises(ValueError, match=words):
        parse_time(text)


@given(st.datetimes(timezones=st.timezones()))
def test_what_python_writes_is_read(moment: datetime) -> None:
    """Any moment that is written in whole minutes of offset comes back."""
    text = moment.isoformat()
    try:
        assert parse_time(text).astimezone(UTC) == moment.astimezone(UTC)
    except ValueError:
        # Local mean time of long ago has seconds in its offset, the calendar's edge no UTC.
        assert text.count(":") == 4 or text[:4] in {"0001", "9999"}
