from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import dramatiq
import pytest
import redis
from dramatiq.middleware import Retries
from sqlalchemy import select

from adapters.rabbit.place import Place
from contracts.ids import request_id
from ledger.tables import requests
from tests.builders import claimed, onprem_data
from tests.driving import Driver
from workers.actors import declare
from workers.broker import HintBroker, assert_middleware
from workers.brokers.rabbit import RabbitHintBroker
from workers.brokers.redis import RedisHintBroker
from workers.hints import has_room, hint
from workers.processes import BROKEN, renew, watch


@pytest.fixture(
    name="broker",
    params=[
        "embedded",
        *(pytest.param(one, marks=getattr(pytest.mark, one)) for one in ("redis", "rabbitmq")),
    ],
)
def _broker(request: pytest.FixtureRequest) -> Iterator[HintBroker]:
    """Give a broker on each of the servers that carry hints."""
    broker: HintBroker
    if request.param == "rabbitmq":
        place = Place(request.getfixturevalue("amqp_url"), "test")
        broker = RabbitHintBroker(place, concurrency=4, idle_s=0.5)
    else:
        url = request.getfixturevalue(
            {"redis": "real_redis_url"}.get(request.param, "embedded_redis_url")
        )
        broker = RedisHintBroker(redis.Redis.from_url(url), concurrency=4, idle_s=0.05)
    yield broker
    broker.close()


def number(nth: int) -> str:
    """Give a request's number."""
    return request_id("urn:sender", str(nth))


def run(broker: HintBroker, wanted: int) -> list[str]:
    """Work until so many hints were followed; give their requests in order."""
    followed: list[str] = []
    enough = threading.Event()

    def act(request: str) -> None:
        followed.append(request)
        if len(followed) == wanted:
            enough.set()

    dramatiq.actor(actor_name="q", queue_name="q", broker=broker)(act)
    working = dramatiq.Worker(broker, worker_threads=4, worker_timeout=50)
    working.start()
    assert enough.wait(20)
    working.stop()
    return followed


def test_hints_are_followed_once_each(broker: HintBroker) -> None:
    """What is offered is done, in about the order it came, and leaves nothing behind."""
    requests = [number(n) for n in range(100)]
    broker.offer("q", requests)

    assert sorted(run(broker, 100)) == sorted(requests)
    assert broker.depth("q") == 0


def test_an_unreadable_hint_is_dropped_alone(broker: HintBroker) -> None:
    """Poison bytes in the list cost nobody else a hint."""
    broker.offer("q", [number(1)])
    broker.carry("q", [b"\xff\x00 no hint", b"{}", b'{"queue_name": 7}'])
    broker.offer("q", [number(2)])

    assert set(run(broker, 2)) == {number(1), number(2)}


def test_a_queue_holds_no_more_threads_than_its_share(broker: HintBroker) -> None:
    """However many hints wait, a queue has at most its number in hand."""
    broker.offer("q", [number(n) for n in range(20)])
    with closing(broker.consume("q")) as consumer:
        taken = [next(consumer) for _ in range(5)]

        assert [one is not None for one in taken] == [True] * 4 + [False]
        assert taken[0] is not None
        consumer.ack(taken[0])
        assert next(consumer) is not None


def test_a_new_consumer_gives_no_new_room(broker: HintBroker) -> None:
    """After a connection was lost, what is still in hand takes its place."""
    broker.offer("q", [number(n) for n in range(20)])
    with closing(broker.consume("q")) as first:
        taken = [next(first) for _ in range(4)]

    with closing(broker.consume("q")) as again:
        assert next(again) is None
        assert taken[0] is not None
        again.ack(taken[0])
        assert next(again) is not None


def test_a_hint_for_another_queue_is_dropped(broker: HintBroker) -> None:
    """A message that says it belongs elsewhere costs no thread its life."""
    stray = dramatiq.Message[object](
        queue_name="other", actor_name="q", args=(number(1),), kwargs={}, options={}
    )
    broker.carry("q", [stray.encode()])
    broker.offer("q", [number(2)])

    assert run(broker, 1) == [number(2)]


def test_what_was_fetched_and_not_begun_is_given_back(broker: HintBroker) -> None:
    """A worker that stops in good order leaves its hints to the others."""
    broker.offer("q", [number(1)])
    with closing(broker.consume("q")) as consumer:
        message = next(consumer)
        assert message is not None
    assert broker.depth("q") == 0

    consumer.requeue([message])

    assert broker.depth("q") == 1


def test_no_other_middleware_is_let_in(broker: HintBroker) -> None:
    """The list is what the design allows, or the worker does not start."""
    assert_middleware(broker)
    broker.add_middleware(Retries())

    with pytest.raises(RuntimeError, match="Retries"):
        assert_middleware(broker)


def test_hints_are_never_delayed(broker: HintBroker) -> None:
    """Waiting is a row in the database; the broker refuses to do it."""
    message = dramatiq.Message[object](
        queue_name="q", actor_name="q", args=(number(1),), kwargs={}, options={}
    )
    with pytest.raises(ValueError, match="due later"):
        broker.enqueue(message, delay=1000)


def test_a_broker_that_is_away_stops_nobody(driver: Driver) -> None:
    """Without Redis a hint is lost and a queue has no room, and nothing raises."""
    gone = redis.Redis.from_url("unix:///nowhere/s", retry=None)
    app = replace(driver.app, broker=RedisHintBroker(gone, concurrency=1))

    hint(app, "assess", [number(1)])

    assert not has_room(app, "assess")


def test_a_worker_with_a_dead_thread_leaves(driver: Driver) -> None:
    """The watchdog ends the process, so that its supervisor starts a whole one."""
    declare(driver.app)
    working = dramatiq.Worker(driver.app.broker, worker_threads=2, worker_timeout=50)
    working.start()
    dead, *_ = working.workers
    dead.stop()
    dead.join()

    assert watch(driver.app, working, threading.Event()) == BROKEN
    working.stop()


def test_a_step_that_takes_long_keeps_its_claim(driver: Driver) -> None:
    """The watch puts off the end of the leases of what is under way."""
    request = driver.send(onprem_data()).request or ""
    claim = claimed(driver.app.store, request, owner=driver.app.owner, lease_s=3)
    limits = replace(driver.app.limits, lease_s=3600)

    with driver.app.holdings.holding(request):
        renew(replace(driver.app, limits=limits))

    until = select(requests.c.lease_until).where(requests.c.id == request)
    end = driver.app.store.read(lambda db: db.execute(until).scalar_one())
    assert end - claim.now > timedelta(minutes=30)
