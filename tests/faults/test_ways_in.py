"""K1: who takes requests by HTTP and from RabbitMQ is killed between the store and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pika
import pytest
from pika.exceptions import AMQPError

from tests.builders import onprem_data
from tests.driving import event
from tests.faults.processes import processes, until
from tests.faults.world import World
from tests.free_port import free_port
from tests.plain import http

QUEUE = "toritsugi.requests"
WHOLE = {"Content-Type": "application/cloudevents+json"}
PLACES = {"record.written": 202, "record.stored": 200}
"""Where the second message kills, and what its sender hears who sends it again."""


def posted(port: int, sender_id: str) -> int:
    """Give the status that a request is answered with; 0: with none."""
    url, body = f"http://127.0.0.1:{port}/v1/requests", event(onprem_data(), sender_id)
    try:
        return http().post(url, content=body, headers=WHOLE).status_code
    except httpx.TransportError:
        return 0


@contextmanager
def connected(amqp_url: str) -> Iterator[pika.BlockingConnection]:
    """Give a connection; the server may have closed it by the end."""
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    try:
        yield connection
    finally:
        if connection.is_open:
            connection.close()


def published(amqp_url: str, sender_id: str) -> None:
    """Put a request on the queue, which the reader has made."""
    with connected(amqp_url) as connection:
        connection.channel().basic_publish("", QUEUE, event(onprem_data(), sender_id))


def left(amqp_url: str) -> int | None:
    """Give how many messages are in nobody's hands; None while there is no queue."""
    with suppress(AMQPError), connected(amqp_url) as connection:
        found: int = connection.channel().queue_declare(QUEUE, passive=True).method.message_count
        return found
    return None


def assert_stored_once(world: World) -> None:
    """Both requests are there, each told once, and nothing else is."""
    assert world.states() == {"first": "received", "second": "received"}
    assert world.count("SELECT count(*) FROM requests") == 2
    assert world.count("SELECT count(*) FROM outbox") == 2
    assert world.count("SELECT count(*) FROM quarantine") == 0


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.costly
def test_killed_before_the_answer_by_http(world: World, place: str) -> None:
    """The connection breaks; sent again, as the contract has it, it is one request."""
    port = free_port()
    with processes(world, http_port=port) as run:
        run.start("web", FAILPOINT=f"{place}:2")
        until(lambda: posted(port, "first") == 202, "nobody answers")
        heard = [posted(port, "second")]
        assert heard == [0]

        def heard_again() -> bool:
            heard.append(posted(port, "second"))
            return heard[-1] > 0

        until(heard_again, "nobody answers any more")
    assert heard[-1] == PLACES[place]
    assert_stored_once(world)


@pytest.mark.rabbitmq
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.costly
def test_killed_before_the_acknowledgement_of_a_queue(
    world: World, place: str, amqp_url: str
) -> None:
    """The message comes again, whether it was stored or not, and is acknowledged then."""
    with processes(world, amqp_url=amqp_url) as run:
        run.start("intake", FAILPOINT=f"{place}:2")
        until(lambda: left(amqp_url) == 0, "nobody makes the queue")
        published(amqp_url, "first")
        run.until_logged("message.recorded")
        dying = run.pid("intake")
        published(amqp_url, "second")
        run.until_logged("message.recorded", times=2)
        assert run.pid("intake") != dying
    assert left(amqp_url) == 0
    assert_stored_once(world)
