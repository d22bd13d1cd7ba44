"""Requests from RabbitMQ: recorded, then acknowledged; nothing lost and nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

import pika
import pytest
from sqlalchemy.exc import OperationalError
from typing_extensions import override

from adapters.rabbit.place import Place
from ledger import quarantine, views
from ledger.store import Store, Work
from tests.builders import onprem_data
from tests.driving import Driver, event
from tests.rabbit import Node
from tests.senders import let_in
from workers.listeners.queue import QueueListener

pytestmark = pytest.mark.rabbitmq
QUEUE = "toritsugi.requests"
WHOLE = "application/cloudevents+json"
T = TypeVar("T")


@pytest.fixture
def listener(driver: Driver, amqp_url: str) -> Iterator[QueueListener]:
    """Give a listener that has made the queue."""
    with closing(QueueListener(driver.app, Place(amqp_url, "test"), wait_s=0.2)) as found:
        assert found.round()
        yield found


def send(amqp_url: str, *bodies: bytes, user: str | None = None) -> None:
    """Put messages on the queue as a sender does, confirmed."""
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for body in bodies:
            said = pika.BasicProperties(content_type=WHOLE, delivery_mode=2, user_id=user)
            channel.basic_publish("", QUEUE, body, said, mandatory=True)


def waiting(amqp_url: str) -> int:
    """Give how many messages are ready; what somebody has in hand is not."""
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as connection:
        found: int = connection.channel().queue_declare(QUEUE, passive=True).method.message_count
        return found


def received(driver: Driver) -> int:
    """Give how many requests are stored."""
    return sum(driver.app.store.read(views.counts).values())


def codes(driver: Driver) -> list[str]:
    """Give why messages are in quarantine."""
    return sorted(one.code for one in driver.app.store.read(quarantine.kept))


def hear(listener: QueueListener, number: int) -> None:
    """Listen until so many messages were dealt with."""
    heard = 0
    for _ in range(100):
        heard += listener.once()
        if heard >= number:
            assert heard == number
            return
    raise AssertionError(f"heard only {heard} of {number}")


def test_good_and_bad_are_dealt_with(
    driver: Driver, listener: QueueListener, amqp_url: str, rabbit: Node, vhost: str
) -> None:
    """What is read is stored; unreadable, oversized and reused are kept; all are acknowledged."""
    big = event(onprem_data(description="x" * driver.app.limits.message_bytes), "big")
    odd = (b"{", b"", event(onprem_data(title="another"), "3"), big)
    send(amqp_url, *(event(onprem_data(), str(nth)) for nth in range(120)), *odd)

    hear(listener, 124)

    assert received(driver) == 120
    assert codes(driver) == ["id_reused", "not_json", "not_json", "too_large"]
    listener.close()
    assert waiting(amqp_url) == 0
    assert rabbit.queues(vhost) == {QUEUE: "quorum"}


def test_a_repeat_changes_nothing(driver: Driver, listener: QueueListener, amqp_url: str) -> None:
    """The same message any number of times is one request."""
    send(amqp_url, *[event(onprem_data())] * 3)
    hear(listener, 3)

    assert (received(driver), codes(driver)) == (1, [])


class Crash(BaseException):
    """The listener dies here."""


def test_a_crash_before_the_acknowledgement_repeats_harmlessly(
    driver: Driver, amqp_url: str, listener: QueueListener
) -> None:
    """Committed but not acknowledged: it comes again, and nothing is doubled."""

    def die(name: str, _: str = "") -> None:
        if name == "record.hinted":
            raise Crash

    dying = replace(driver.app, reach=die)
    listener.close()
    send(amqp_url, event(onprem_data()))
    with (
        closing(QueueListener(dying, Place(amqp_url, "dying"), wait_s=5)) as doomed,
        pytest.raises(Crash),
    ):
        doomed.once()
    assert received(driver) == 1

    hear(listener, 1)

    listener.close()
    assert (received(driver), waiting(amqp_url)) == (1, 0)


class Away(Store):
    """A database that does not answer until it is told to."""

    def __init__(self, real: Store) -> None:
        self._real = real
        self.there = False

    @override
    def read(self, query: Work[T]) -> T:
        return self._ask().read(query)

    @override
    def write(self, work: Work[T]) -> T:
        return self._ask().write(work)

    def _ask(self) -> Store:
        if not self.there:
            raise OperationalError("away", None, OSError())
        return self._real


def test_a_database_that_is_away_loses_nothing(
    driver: Driver, amqp_url: str, listener: QueueListener
) -> None:
    """The batch is held until it answers again, and was not given back meanwhile."""
    listener.close()
    send(amqp_url, event(onprem_data()))
    store = Away(driver.app.store)
    app = replace(driver.app, store=store)
    with closing(QueueListener(app, Place(amqp_url, "test"), wait_s=5)) as patient:
        assert [patient.round() for _ in range(30)] == [False] * 30
        assert waiting(amqp_url) == 0
        store.there = True
        assert patient.round()

    assert (received(driver), waiting(amqp_url)) == (1, 0)


def test_a_connection_that_is_cut_is_opened_again(
    driver: Driver, amqp_url: str, listener: QueueListener, rabbit: Node
) -> None:
    """The listener says that the server is away, and goes on."""
    send(amqp_url, event(onprem_data(), "1"))
    hear(listener, 1)
    rabbit.cut()
    send(amqp_url, event(onprem_data(), "2"))

    assert not listener.round()
    hear(listener, 1)

    assert received(driver) == 2


def test_a_deleted_queue_is_made_anew(
    driver: Driver, amqp_url: str, listener: QueueListener, rabbit: Node, vhost: str
) -> None:
    """Somebody takes the queue away; the listener makes another."""
    rabbit.control("delete_queue", "-p", vhost, QUEUE)
    while listener.round():
        pass
    assert listener.round()

    send(amqp_url, event(onprem_data()))
    hear(listener, 1)
    assert received(driver) == 1


def test_the_user_is_the_sender(driver: Driver, amqp_url: str, listener: QueueListener) -> None:
    """Where senders are registered, RabbitMQ's word for the user counts, and nothing else."""
    listener.close()
    app = replace(driver.app, registered=True)
    let_in(app, "guest", source="urn:sender")
    with closing(QueueListener(app, Place(amqp_url, "test"), wait_s=0.2)) as closed:
        send(amqp_url, event(onprem_data(), "1"), user="guest")
        send(amqp_url, event(onprem_data(), "2"))
        send(amqp_url, event(onprem_data(), "3", source="urn:other"), user="guest")
        send(amqp_url, event(onprem_data(partner="9999999"), "4"), user="guest")
        hear(closed, 4)

    assert received(driver) == 1
    assert codes(driver) == ["foreign_partner", "foreign_source", "unauthorised"]


def test_a_server_that_is_away_is_asked_again(driver: Driver) -> None:
    """Without RabbitMQ the listener says so and waits, and ends when it is told to."""
    nowhere = Place("amqp://guest:guest@127.0.0.1:1/", "test")
    listener = QueueListener(driver.app, nowhere)
    assert not listener.round()
    stopping = threading.Event()
    stopping.set()
    listener.run(stopping)
