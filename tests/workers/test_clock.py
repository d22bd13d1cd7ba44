from __future__ import annotations

import threading
from dataclasses import replace
from typing import NoReturn, cast

import pytest
import redis
from typing_extensions import override

from adapters.outbound.stream import EventStream
from contracts.events import decode_event
from ledger import due, outbox
from ledger.store import Store
from tests.builders import onprem_data
from tests.driving import Driver
from workers.backoff import backoff_s
from workers.hints import has_room
from workers.processes import BROKEN, clock
from workers.publish import publish
from workers.sweep import sweep


@pytest.fixture(name="stream")
def _stream(driver: Driver) -> EventStream:
    return EventStream(driver.app.redis, driver.app.events_stream)


def on_stream(driver: Driver) -> list[str]:
    """Give the ids of the events on the stream."""
    found = driver.app.redis.xrange(driver.app.events_stream)
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", found)
    return [decode_event(fields[b"event"]).id for _, fields in entries]


def test_events_go_out_in_order_and_once(driver: Driver, stream: EventStream) -> None:
    """What waits is published as it was written, then marked."""
    driver.file(onprem_data())

    assert publish(driver.app, stream) == 3
    assert publish(driver.app, stream) == 0
    assert on_stream(driver) == [one.id for one in driver.events()]


def test_a_crash_before_the_mark_sends_the_same_again(driver: Driver, stream: EventStream) -> None:
    """Published but not marked: sent once more under the same ids, and none is left out."""
    driver.file(onprem_data())
    letters = driver.app.store.read(lambda db: outbox.waiting(db, 100))
    stream.publish([letter.body for letter in letters])

    publish(driver.app, stream)

    ids = [one.id for one in driver.events()]
    assert on_stream(driver) == [*ids, *ids]


def test_a_stream_that_is_away_loses_nothing(driver: Driver) -> None:
    """While Redis is away events wait; afterwards they go out."""
    driver.file(onprem_data())
    gone = EventStream(redis.Redis.from_url("unix:///nowhere/s", retry=None), "events")

    with pytest.raises(redis.ConnectionError):
        publish(driver.app, gone)

    assert publish(driver.app, EventStream(driver.app.redis, driver.app.events_stream)) == 3


def test_one_process_publishes_at_a_time(driver: Driver, stream: EventStream) -> None:
    """While one has the role, another leaves the outbox alone."""
    driver.file(onprem_data())
    publish(driver.app, stream)
    driver.file(onprem_data(), "2")

    assert publish(replace(driver.app, owner="another"), stream) == 0
    assert publish(driver.app, stream) == 3


def test_a_lost_hint_is_given_again(driver: Driver) -> None:
    """Redis was flushed: what is due is hinted anew."""
    driver.send(onprem_data())
    driver.app.redis.flushall()
    app = replace(driver.app, limits=replace(driver.app.limits, rehint_s=0))

    assert sweep(app) == 1
    assert app.broker.depth("assess") == 1


def test_a_hint_that_redis_refused_is_given_as_soon_as_it_takes_it(driver: Driver) -> None:
    """A failed-over Redis refuses hints: the first sweep after that gives them, not one later."""
    request = driver.send(onprem_data()).request or ""
    driver.app.redis.flushall()
    driver.app.store.write(lambda db: due.put_back(db, [request]))
    driver.app.redis.replicaof("127.0.0.1", "1")
    try:
        assert sweep(driver.app) == 0
    finally:
        driver.app.redis.replicaof("NO", "ONE")

    assert sweep(driver.app) == 1
    assert sweep(driver.app) == 0


def test_a_full_queue_is_left_alone(driver: Driver) -> None:
    """A queue that is long enough gets no more hints until it is shorter."""
    driver.send(onprem_data())
    limits = replace(driver.app.limits, rehint_s=0, hints_waiting=1)
    app = replace(driver.app, limits=limits)

    assert not has_room(app, "assess")
    assert sweep(app) == 0


class Unwell(Store):
    """A database that goes wrong in a way nobody foresaw."""

    def __init__(self) -> None:
        """Open nothing."""

    @override
    def read(self, query: object) -> NoReturn:
        raise LookupError

    @override
    def write(self, work: object) -> NoReturn:
        raise LookupError


def test_a_broken_half_ends_the_whole(driver: Driver) -> None:
    """A clock that cannot publish any more does not go on as if it could."""
    broken = replace(driver.app, store=Unwell())

    assert clock(broken, threading.Event()) == BROKEN


def test_a_clock_ends_in_good_order(driver: Driver, stream: EventStream) -> None:
    """Told to stop, it leaves the publisher's role to the next one at once."""
    driver.file(onprem_data())
    publish(driver.app, stream)
    stopping = threading.Event()
    stopping.set()

    assert clock(driver.app, stopping) == 0
    driver.file(onprem_data(), "2")
    assert publish(replace(driver.app, owner="another"), stream) == 3


@pytest.mark.parametrize(("spent", "least", "most"), [(0, 2.5, 5), (1, 5, 10), (30, 450, 900)])
def test_waits_double_up_to_a_most(driver: Driver, spent: int, least: float, most: float) -> None:
    """The more attempts were spent, the longer the wait, with chance in it."""
    limits = replace(driver.app.limits, retry_first_s=5, retry_most_s=900)
    early = replace(driver.app, limits=limits, jitter=lambda: 0.0)
    late = replace(driver.app, limits=limits, jitter=lambda: 1.0)

    assert (backoff_s(early, spent), backoff_s(late, spent)) == (least, most)
