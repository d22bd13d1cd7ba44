"""Hints on RabbitMQ: soon told that it is away, never held up for long, made anew when gone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from urllib.parse import urlsplit

import dramatiq
import pytest
from dramatiq.errors import ConnectionClosed

from adapters.rabbit.place import Place
from contracts.ids import request_id
from tests.faults.proxy import How, Proxy
from tests.rabbit import Node
from workers.broker import BrokerAway
from workers.brokers.rabbit import RabbitHintBroker, name

pytestmark = pytest.mark.rabbitmq
NUMBERS = [request_id("urn:sender", str(n)) for n in range(500)]
TIMEOUT_S = 1.0


@pytest.fixture
def proxy(amqp_url: str) -> Iterator[Proxy]:
    """Stand before the server."""
    there = urlsplit(amqp_url)
    with Proxy((there.hostname or "", there.port or 0)) as found:
        yield found


@pytest.fixture
def broker(proxy: Proxy, vhost: str) -> Iterator[RabbitHintBroker]:
    """Give a broker that is patient for a second."""
    url = f"amqp://guest:guest@127.0.0.1:{proxy.address[1]}/{vhost}"
    with closing(RabbitHintBroker(Place(url, "test", TIMEOUT_S), concurrency=4)) as found:
        yield found


def test_queues_are_quorum_queues_and_there_are_no_others(
    broker: RabbitHintBroker, rabbit: Node, vhost: str
) -> None:
    """The first hint makes it; dramatiq's queues for delays and dead letters are not made."""
    broker.declare_queue("q")
    broker.offer("q", NUMBERS)

    assert rabbit.queues(vhost) == {name("q"): "quorum"}
    assert broker.depth("q") == 500


def test_a_queue_that_was_deleted_is_made_anew(
    broker: RabbitHintBroker, rabbit: Node, vhost: str
) -> None:
    """A hint that no queue takes is noticed, and given again to a new one."""
    broker.offer("q", NUMBERS[:1])
    rabbit.control("delete_queue", "-p", vhost, name("q"))
    assert broker.depth("q") == 0

    broker.offer("q", NUMBERS[:2])

    assert broker.depth("q") == 2


def test_a_server_that_is_away_is_told_at_once(broker: RabbitHintBroker, proxy: Proxy) -> None:
    """Nobody waits for a connection that cannot be; it is there again with the server."""
    broker.offer("q", NUMBERS[:1])
    with proxy.away():
        for _ in range(3):
            with pytest.raises(BrokerAway):
                broker.offer("q", NUMBERS[:1])

    assert offered(broker) == 2


def test_a_server_that_hangs_holds_nobody_up_for_long(
    broker: RabbitHintBroker, proxy: Proxy
) -> None:
    """A confirmation that does not come is waited for so long, and once."""
    broker.offer("q", NUMBERS[:1])
    begin = time.monotonic()
    with proxy.fault(How.HOLD, NUMBERS[1].encode()), pytest.raises(BrokerAway, match="UNKNOWN"):
        broker.offer("q", NUMBERS[1:2])
    assert TIMEOUT_S <= time.monotonic() - begin < 3 * TIMEOUT_S
    with pytest.raises(BrokerAway):
        broker.offer("q", NUMBERS[1:2])
    assert time.monotonic() - begin < 3 * TIMEOUT_S

    assert offered(broker) >= 2


def test_a_connection_is_cut_while_its_confirmation_is_on_the_way(
    broker: RabbitHintBroker, proxy: Proxy
) -> None:
    """The hint may be there and is called lost: given again, it is followed for nothing."""
    broker.offer("q", NUMBERS[:1])
    with proxy.fault(How.SWALLOW, NUMBERS[1].encode()), pytest.raises(BrokerAway, match="UNKNOWN"):
        broker.offer("q", NUMBERS[1:2])

    assert offered(broker) in {2, 3}


def test_consumers_outlast_a_cut(broker: RabbitHintBroker, rabbit: Node) -> None:
    """Both the consumer and the publisher come back by themselves."""
    followed: list[str] = []
    both = {NUMBERS[0]: threading.Event(), NUMBERS[1]: threading.Event()}

    def act(request: str) -> None:
        followed.append(request)
        both[request].set()

    def insist(request: str) -> None:
        while not both[request].is_set():
            with suppress(BrokerAway):  # while the queue is being made, too
                broker.offer("q", [request])
            both[request].wait(0.1)

    dramatiq.actor(actor_name="q", queue_name="q", broker=broker)(act)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dramatiq.worker.CONSUMER_RESTART_DELAY_SECS", 0.05)
        working = dramatiq.Worker(broker, worker_threads=2, worker_timeout=50)
        working.start()
        insist(NUMBERS[0])
        rabbit.cut()
        insist(NUMBERS[1])
        working.stop()


def test_many_threads_share_one_connection(broker: RabbitHintBroker, rabbit: Node) -> None:
    """What they publish at the same time arrives, each once."""
    broker.offer("q", NUMBERS[:1])
    threads = [
        threading.Thread(target=broker.offer, args=("q", NUMBERS[nth::8])) for nth in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert broker.depth("q") == 501
    assert rabbit.connections("test hints") == 1


def test_a_queue_that_a_crash_left_half_made_is_made_anew(
    broker: RabbitHintBroker, rabbit: Node, vhost: str
) -> None:
    """Its name is known and nothing answers for it: hints are disposable, so is their queue."""
    broker.offer("q", NUMBERS[:1])
    rabbit.break_queue(vhost, name("q"))
    with pytest.raises(BrokerAway):
        broker.offer("q", NUMBERS[:1])

    with pytest.raises(ConnectionClosed):
        broker.consume("q")
    assert offered(broker) == 1
    with closing(broker.consume("q")) as consumer:
        assert next(consumer) is not None


def offered(broker: RabbitHintBroker) -> int:
    """Offer a hint as soon as that goes; give how many are there then."""
    for _ in range(100):
        try:
            broker.offer("q", NUMBERS[:1])
            return broker.depth("q")
        except BrokerAway:
            threading.Event().wait(0.05)
    raise AssertionError("the server does not come back")
