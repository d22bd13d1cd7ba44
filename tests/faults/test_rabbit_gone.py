"""RabbitMQ is killed and started again while it carries requests, hints and events."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
import pika
import pytest
from pika.exceptions import AMQPError

from adapters.rabbit.place import Place, RabbitAway
from adapters.rabbit.receiver import Receiver
from tests.builders import onprem_data
from tests.driving import SOURCE, event
from tests.faults.invariants import broken, look
from tests.faults.processes import processes, until
from tests.faults.world import World
from tests.rabbit import Node

pytestmark = [pytest.mark.rabbitmq, pytest.mark.timeout(240)]
QUEUE = "toritsugi.requests"
WAITING = "waiting"
KINDS = ("intake", "worker", "clock")


@dataclass(slots=True)
class Partner:
    """A partner's system that keeps the contract: it sends again what it has no word of."""

    url: str
    sent: dict[str, bytes] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)

    def send(self, *names: str, **more: Any) -> None:
        self.sent |= {name: event(onprem_data(title=name, **more), name) for name in names}
        self.carry(*names)

    def carry(self, *names: str) -> None:
        """Publish them; a server that is away has not got them."""
        with suppress(AMQPError, OSError), _connected(self.url) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for name in names:
                said = pika.BasicProperties(delivery_mode=2)
                channel.basic_publish("", QUEUE, self.sent[name], said, mandatory=True)

    def receive(self) -> None:
        """Read the events that wait; a server that is away has none."""
        place = Place(self.url, "partner")
        with suppress(RabbitAway), closing(Receiver(place, "in", WAITING, prefetch=1000)) as own:
            while found := own.take(0.2):
                self.received += [one.body for one in found]
                own.accept(found[-1].tag, all_before=True)

    def answered(self, kind: str = "request.accepted") -> set[str]:
        """Give which of its requests it has this event of."""
        self.receive()
        told = map(orjson.loads, self.received)
        return {
            one["correlationid"]
            for one in told
            if one["type"] == f"toritsugi.{kind}.v1" and one["causesource"] == SOURCE
        }

    def insist(self) -> bool:
        """Send again what was not accepted; whether all is filed."""
        self.carry(*(self.sent.keys() - self.answered()))
        return self.answered("request.submitted") == self.sent.keys()


def names(prefix: str, number: int = 4) -> list[str]:
    """Name some requests; all of them together are fewer than the contract has incidents."""
    return [f"{prefix}-{nth}" for nth in range(number)]


@pytest.mark.costly
def test_the_server_is_killed_in_the_middle(world: World, rabbit: Node, amqp_url: str) -> None:
    """Requests, hints and events by RabbitMQ alone: nothing is lost and nothing done twice."""
    partner = Partner(amqp_url)
    with processes(
        world, *KINDS, concurrency=2, rehint_s=1, amqp_url=amqp_url, events_queue=WAITING
    ) as run:
        until(lambda: _there(amqp_url), "nobody makes the queue")
        partner.send(*names("first"))
        until(lambda: partner.answered() == partner.sent.keys(), "no event comes")
        partner.send(*names("before"))
        run.until_logged("request.decided", times=len(partner.sent) - 3)
        rabbit.kill()
        try:
            partner.send(*names("meanwhile"))
            run.until_logged("intake.away")
        finally:
            rabbit.start()
        partner.send(*names("after"))

        until(partner.insist, "not all is filed", limit_s=120)
        until(lambda: world.broken() == [], "the stream lacks something")
        assert run.events("thread.broke") == run.events("process.broke") == []

    outside = look(world.database_url, world.sandbox_url, partner.received)
    assert broken(outside) == []
    assert set(world.states().values()) == {"submitted"}
    assert len(world.states()) == len(partner.sent)


@pytest.mark.costly
def test_redis_holds_up_nothing_but_its_stream(
    world: World, rabbit: Node, amqp_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without any Redis, what comes by RabbitMQ is filed and told there."""
    assert rabbit.port
    partner = Partner(amqp_url)
    world.redis_url = f"unix://{tmp_path_factory.mktemp('r') / 'nobody'}"
    with processes(world, *KINDS, amqp_url=amqp_url, events_queue=WAITING):
        until(lambda: _there(amqp_url), "nobody makes the queue")
        partner.send(*names("only"))
        until(partner.insist, "not all is filed", limit_s=60)
    assert set(world.states().values()) == {"submitted"}


def _connected(url: str) -> closing[pika.BlockingConnection]:
    return closing(pika.BlockingConnection(pika.URLParameters(url)))


def _there(amqp_url: str) -> bool:
    """Whether the queue of requests is there."""
    try:
        with _connected(amqp_url) as connection:
            connection.channel().queue_declare(QUEUE, passive=True)
    except (AMQPError, OSError):
        return False
    return True
