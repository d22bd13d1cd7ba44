"""Streams are trimmed by age and number, and never of what a group still needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis

from adapters.outbound.trimming import Keeping, Trimmed, groups, trim

STREAM = "toritsugi:events"
LONG = Keeping(age_s=3600, most=1_000_000)
HOUR_MS = 3_600_000


@pytest.fixture
def server(redis_url: str) -> Iterator[Redis]:
    """Connect to a server of our own."""
    with Redis.from_url(redis_url) as client:
        yield client


def fill(server: Redis, *, old: int = 0, young: int = 0) -> None:
    """Add events of two hours ago, then events of now."""
    seconds, _ = server.time()
    for nth in range(old):
        server.xadd(STREAM, {"event": f"old {nth}"}, id=f"{seconds * 1000 - 2 * HOUR_MS}-{nth + 1}")
    for nth in range(young):
        server.xadd(STREAM, {"event": f"young {nth}"})


def read(server: Redis, group: str, number: int, *, done: int | None = None) -> None:
    """Read so many for the group, and acknowledge the first of them."""
    answer: Any = server.xreadgroup(group, "one", {STREAM: ">"}, count=number)
    names = [name for name, _ in answer[0][1]]
    for name in names[: number if done is None else done]:
        server.xack(STREAM, group, name)


def left(server: Redis) -> list[str]:
    """Give what is on the stream."""
    entries: Any = server.xrange(STREAM)
    return [fields[b"event"].decode() for _, fields in entries]


def test_without_a_group_age_alone_counts(server: Redis) -> None:
    """Who reads without a group is not known, so what is young stays, however much it is."""
    fill(server, old=3, young=4)

    assert trim(server, STREAM, Keeping(3600, most=1)) == Trimmed(3, 0, ())
    assert left(server) == [f"young {nth}" for nth in range(4)]


def test_what_a_group_has_not_read_stays(server: Redis) -> None:
    """However old it is; and whoever holds the stream up is named."""
    fill(server, old=5)
    server.xgroup_create(STREAM, "quick", id="0")
    server.xgroup_create(STREAM, "slow", id="0")
    read(server, "quick", 5)
    read(server, "slow", 2)

    assert trim(server, STREAM, LONG) == Trimmed(2, 0, ("slow",))
    assert left(server) == ["old 2", "old 3", "old 4"]


def test_what_a_group_has_not_acknowledged_stays(server: Redis) -> None:
    """Read is not done: it may have to be read again."""
    fill(server, old=5)
    server.xgroup_create(STREAM, "mine", id="0")
    read(server, "mine", 5, done=3)

    assert trim(server, STREAM, LONG) == Trimmed(3, 0, ("mine",))
    assert left(server) == ["old 3", "old 4"]


def test_a_group_that_never_read_holds_everything(server: Redis) -> None:
    """Until it is destroyed."""
    fill(server, old=3)
    server.xgroup_create(STREAM, "dead", id="0")
    assert trim(server, STREAM, LONG) == Trimmed(0, 0, ("dead",))

    server.xgroup_destroy(STREAM, "dead")
    assert trim(server, STREAM, LONG) == Trimmed(3, 0, ())


def test_a_group_that_is_up_to_date_holds_nothing(server: Redis) -> None:
    """What is old goes, what is young stays, and nobody is to blame."""
    fill(server, old=3, young=2)
    server.xgroup_create(STREAM, "mine", id="0")
    read(server, "mine", 5)

    assert trim(server, STREAM, LONG) == Trimmed(3, 0, ())
    assert trim(server, STREAM, LONG) == Trimmed(0, 0, ())


def test_beyond_the_number_what_all_groups_have_read_goes(server: Redis) -> None:
    """Younger than the age or not; what one of them has not read stays."""
    fill(server, young=10)
    server.xgroup_create(STREAM, "quick", id="0")
    server.xgroup_create(STREAM, "slow", id="0")
    read(server, "quick", 10)
    read(server, "slow", 5)

    assert trim(server, STREAM, Keeping(3600, most=7)) == Trimmed(3, 0, ())
    assert trim(server, STREAM, Keeping(3600, most=2)) == Trimmed(2, 0, ())
    assert left(server) == [f"young {nth}" for nth in range(5, 10)]


def test_a_cap_cuts_and_says_so(server: Redis) -> None:
    """The last resort takes what was not read, and tells how much."""
    fill(server, old=10)
    server.xgroup_create(STREAM, "dead", id="0")

    assert trim(server, STREAM, Keeping(3600, most=100, cap=4)) == Trimmed(0, 6, ("dead",))
    assert len(left(server)) == 4


def test_nothing_is_trimmed_behind_a_group_that_comes_in_between(
    server: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group made after the look and before the trimming finds all that it was to read."""
    fill(server, old=3)
    real: Any = groups
    made: list[Any] = []

    def meanwhile(client: Redis, stream: str) -> Any:
        found = real(client, stream)
        if not made:
            with Redis.from_url(redis_url) as other:
                made.append(other.xgroup_create(STREAM, "late", id="0"))
        return found

    monkeypatch.setattr("adapters.outbound.trimming.groups", meanwhile)

    assert trim(server, STREAM, LONG) == Trimmed(0, 0, ("late",))
    assert len(left(server)) == 3


def test_no_stream(server: Redis) -> None:
    """Nothing is trimmed where nothing is, and nothing is made."""
    assert trim(server, STREAM, LONG) == Trimmed(0, 0, ())
    assert not server.exists(STREAM)
