"""Events reach the exchange confirmed, in the order of their request, whatever is cut."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import orjson
import pika
import pika.exceptions
import pytest

from adapters.outbound.exchange import EventExchange
from adapters.rabbit.place import Place, RabbitAway
from adapters.rabbit.receiver import Delivery, Receiver
from tests.faults.proxy import How, Proxy
from tests.rabbit import Node

pytestmark = pytest.mark.rabbitmq
EXCHANGE = "toritsugi.events"


def told(request: str, sequence: int, kind: str = "request.accepted") -> bytes:
    """Give an event of a request."""
    said = {
        "specversion": "1.0",
        "id": f"{request}-{sequence}",
        "source": "urn:toritsugi",
        "type": f"toritsugi.{kind}.v1",
        "subject": request,
        "sequence": sequence,
        "correlationid": "番号 7",
        "causesource": "urn:sender",
        "data": {"request": request},
    }
    return orjson.dumps(said)


@pytest.fixture
def proxy(amqp_url: str) -> Iterator[Proxy]:
    """Stand before the server."""
    there = urlsplit(amqp_url)
    with Proxy((there.hostname or "", there.port or 0)) as found:
        yield found


@pytest.fixture
def exchange(proxy: Proxy, vhost: str) -> Iterator[EventExchange]:
    """Give an exchange with a queue where events wait."""
    url = f"amqp://guest:guest@127.0.0.1:{proxy.address[1]}/{vhost}"
    with closing(EventExchange(Place(url, "test"), EXCHANGE, "waiting")) as found:
        yield found


def waiting(amqp_url: str, number: int, queue: str = "waiting") -> list[Delivery]:
    """Give what waits in the queue, as soon as there is so much."""
    with closing(Receiver(Place(amqp_url, "reader"), "test", queue, prefetch=5000)) as reader:
        found: list[Delivery] = []
        for _ in range(100):
            found += reader.take(0.1)
            if len(found) >= number:
                return found
    raise AssertionError(f"only {len(found)} came")


def test_one_makes_a_queue_at_a_time(exchange: EventExchange, amqp_url: str) -> None:
    """While another makes it, it is not there; who waits finds it, or makes it."""
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as other:
        other.channel().queue_declare("waiting.making", exclusive=True)
        with pytest.raises(RabbitAway):
            exchange.publish([told("TS-1", 1)])
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
            other.channel().queue_declare("waiting", passive=True)

    assert list(exchange.publish([told("TS-1", 1)])) == [0]
    assert len(waiting(amqp_url, 1)) == 1


def test_an_event_says_what_it_is_outside_too(exchange: EventExchange, amqp_url: str) -> None:
    """Its bytes are the body; id, type and attributes stand in properties and headers."""
    body = told("TS-1", 1)
    assert list(exchange.publish([body])) == [0]

    (one,) = waiting(amqp_url, 1)
    said = one.properties
    assert one.body == body
    assert (said.content_type, said.delivery_mode) == ("application/cloudevents+json", 2)
    assert (said.message_id, said.type) == ("TS-1-1", "toritsugi.request.accepted.v1")
    assert said.headers["cloudEvents_subject"] == "TS-1"
    assert said.headers["cloudEvents_correlationid"] == "番号 7"


def test_a_receiver_chooses_by_type(
    exchange: EventExchange, rabbit: Node, vhost: str, amqp_url: str
) -> None:
    """The routing key is the type; what a receiver binds is durable, ours is a quorum queue."""
    exchange.publish([told("TS-1", 1)])
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as connection:
        channel = connection.channel()
        channel.queue_declare("mine", durable=True)
        channel.queue_bind("mine", EXCHANGE, "toritsugi.incident.*.v1")

    exchange.publish([told("TS-1", 2), told("TS-1", 3, "incident.deducted")])

    assert [one.properties.message_id for one in waiting(amqp_url, 1, "mine")] == ["TS-1-3"]
    assert rabbit.queues(vhost) == {"mine": "classic", "waiting": "quorum"}


def test_nobody_listens(
    amqp_url: str, caplog: pytest.LogCaptureFixture, rabbit: Node, vhost: str
) -> None:
    """Without any queue the exchange drops what it gets, and that is said, once."""
    with closing(EventExchange(Place(amqp_url, "test"), EXCHANGE)) as exchange:
        for nth in range(3):
            assert list(exchange.publish([told("TS-1", nth)])) == [0]

    assert sum("events.unheard" in one.getMessage() for one in caplog.records) == 1
    assert rabbit.queues(vhost) == {}


def test_an_exchange_that_was_deleted_is_made_anew(
    exchange: EventExchange, rabbit: Node, vhost: str, amqp_url: str
) -> None:
    """Whoever deletes it loses nothing that comes later."""
    exchange.publish([told("TS-1", 1)])
    rabbit.control("eval", f'rabbit_exchange:delete({{resource, <<"{vhost}">>, exchange,'
                           f' <<"{EXCHANGE}">>}}, false, <<"t">>).')  # fmt: skip

    publish_all(exchange, [told("TS-1", 2)])

    assert [one.properties.message_id for one in waiting(amqp_url, 2)] == ["TS-1-1", "TS-1-2"]


@pytest.mark.parametrize("how", [How.CUT, How.SWALLOW], ids=["before", "after"])
def test_a_cut_changes_no_order(
    exchange: EventExchange, proxy: Proxy, amqp_url: str, how: How
) -> None:
    """Cut before the server has an event or before it could say so: all come, none too early."""
    batch = [told(f"TS-{one % 7}", one // 7) for one in range(70)]
    exchange.publish([told("TS-first", 1)])
    with proxy.fault(how, b"TS-3-4"):
        done = exchange.publish(batch)
    assert 0 < len(done) < len(batch)

    publish_all(exchange, [one for place, one in enumerate(batch) if place not in done])

    names = [str(one.properties.message_id) for one in waiting(amqp_url, 71)]
    first = list(dict.fromkeys(names))
    assert len(first) == 71
    for request in range(7):
        mine = [name for name in first if name.startswith(f"TS-{request}-")]
        assert mine == [f"TS-{request}-{nth}" for nth in range(10)]


def test_a_queue_that_is_full_holds_back_its_request_only(amqp_url: str) -> None:
    """What is refused is not marked, nor is anything sent that comes after it."""
    with closing(EventExchange(Place(amqp_url, "test"), EXCHANGE)) as exchange:
        exchange.publish([told("TS-0", 1)])
        with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as connection:
            channel = connection.channel()
            full = {"x-max-length": 0, "x-overflow": "reject-publish"}
            channel.queue_declare("full", durable=True, arguments=full)
            channel.queue_bind("full", EXCHANGE, "toritsugi.request.held.v1")

        batch = [told("TS-1", 1), told("TS-1", 2, "request.held"), told("TS-1", 3), told("TS-2", 1)]
        assert set(exchange.publish(batch)) == {0, 3}


def publish_all(exchange: EventExchange, batch: list[bytes]) -> None:
    """Publish until the server has everything."""
    for _ in range(100):
        try:
            done = exchange.publish(batch)
        except RabbitAway:
            threading.Event().wait(0.05)
            continue
        batch = [one for place, one in enumerate(batch) if place not in done]
        if not batch:
            return
    raise AssertionError("the server does not come back")
