"""Business hours in Japan."""

from __future__ import annotations

from datetime import datetime

import pytest

from sandbox.business_hours import JAPAN, after_business_minutes


@pytest.mark.parametrize(
    ("at", "minutes", "start", "due"),
    [
        ("2026-11-20T10:00", 60, "2026-11-20T10:00", "2026-11-20T11:00"),
        ("2026-11-20T16:30", 60, "2026-11-20T16:30", "2026-11-20T17:30"),
        ("2026-11-20T16:30", 61, "2026-11-20T16:30", "2026-11-23T09:01"),
        ("2026-11-20T17:30", 60, "2026-11-23T09:00", "2026-11-23T10:00"),
        ("2026-11-19T03:00", 60, "2026-11-19T09:00", "2026-11-19T10:00"),
        ("2026-11-21T12:00", 480, "2026-11-23T09:00", "2026-11-23T17:00"),
        ("2026-11-19T17:00", 540, "2026-11-19T17:00", "2026-11-20T17:30"),
    ],
)
def test_due(at: str, minutes: int, start: str, due: str) -> None:
    """Minutes run from 9:00 to 17:30 on weekdays and stand still otherwise."""

    def epoch(text: str) -> float:
        return datetime.fromisoformat(text).replace(tzinfo=JAPAN).timestamp()

    assert after_business_minutes(epoch(at), minutes) == (epoch(start), epoch(due))
