from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest
import redis
from typing_extensions import override

from ledger import quarantine, views
from tests.builders import onprem_data
from tests.driving import Driver, event
from workers.listeners.stream import GROUP, StreamListener


@pytest.fixture(name="listener")
def _listener(driver: Driver) -> StreamListener:
    listener = StreamListener(driver.app, block_ms=1)
    listener.open()
    return listener


def add(driver: Driver, *messages: bytes) -> None:
    """Put messages on the stream as a sender does."""
    for message in messages:
        driver.app.redis.xadd(driver.app.requests_stream, {"event": message})


def pending(driver: Driver) -> int:
    """Give how many entries were handed out and not acknowledged."""
    found = driver.app.redis.xpending(driver.app.requests_stream, GROUP)
    return int(found["pending"])


def received(driver: Driver) -> int:
    """Give how many requests are stored."""
    return sum(driver.app.store.read(views.counts).values())


def test_a_batch_is_recorded_then_acknowledged(driver: Driver, listener: StreamListener) -> None:
    """A hundred entries at a time; good and bad are both dealt with."""
    add(driver, *(event(onprem_data(), str(n)) for n in range(150)), b"{", b"")

    assert listener.once() == 100
    assert listener.once() == 52
    assert received(driver) == 150
    assert len(driver.app.store.read(quarantine.kept)) == 2
    assert pending(driver) == 0
    assert driver.app.redis.xlen(driver.app.requests_stream) == 0


def test_an_entry_without_the_field_is_kept_too(driver: Driver, listener: StreamListener) -> None:
    """A sender that names the field wrongly is told, not ignored."""
    driver.app.redis.xadd(driver.app.requests_stream, {"data": "{}"})

    listener.once()

    (kept,) = driver.app.store.read(quarantine.kept)
    assert kept.code == "not_json"


class Crash(BaseException):
    """The listener dies here."""


class Dying(redis.Redis):
    """A connection whose owner dies as it acknowledges."""

    @override
    def pipeline(self, *_: object, **__: object) -> NoReturn:
        raise Crash


def test_a_crash_before_the_acknowledgement_repeats_harmlessly(
    driver: Driver, embedded_redis_url: str, listener: StreamListener
) -> None:
    """Committed but not acknowledged: another listener takes it over, and nothing is doubled."""
    add(driver, event(onprem_data()))
    with Dying.from_url(embedded_redis_url) as dying, pytest.raises(Crash):
        StreamListener(replace(driver.app, owner="dying", redis=dying), block_ms=1).once()
    assert (received(driver), pending(driver)) == (1, 1)

    assert listener.once() == 0
    assert StreamListener(driver.app, block_ms=1, abandoned_after_s=0).once() == 1

    assert (received(driver), pending(driver)) == (1, 0)


def test_a_flushed_stream_is_made_anew(driver: Driver, listener: StreamListener) -> None:
    """FLUSHALL takes the group away; the listener makes it again and goes on."""
    driver.app.redis.flushall()
    add(driver, event(onprem_data()))

    assert [listener.round(), listener.round()] == [True, True]
    assert received(driver) == 1


def test_a_server_that_is_away_is_asked_again(driver: Driver) -> None:
    """Without Redis the listener says so and waits; it does not end."""
    gone = redis.Redis.from_url("unix:///nowhere/s", retry=None)

    assert not StreamListener(replace(driver.app, redis=gone), block_ms=1).round()
