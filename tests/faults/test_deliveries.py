"""A process is killed while a receiver has its event; two deliver at once; a receiver hangs."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.builders import onprem_data
from tests.faults.invariants import undelivered
from tests.faults.processes import processes, until
from tests.faults.world import World
from tests.receiver import Receiver

KINDS = ("intake", "worker", "clock")


@pytest.fixture(name="receiver")
def _receiver() -> Iterator[Receiver]:
    """Give a receiver of webhooks."""
    with Receiver() as found:
        yield found


def arrived(world: World, receiver: Receiver, requests: int) -> None:
    """Wait until every event of so many requests was sent."""
    done = "SELECT count(*) FROM deliveries WHERE outcome = 'sent'"
    until(lambda: world.count(done) == 3 * requests, "not everything was delivered")
    assert undelivered(world.look(), receiver.events()) == []


@pytest.mark.costly
def test_killed_in_mid_delivery(world: World, receiver: Receiver) -> None:
    """The receiver has it, nobody wrote that down: it comes again under the same id, in order."""
    world.hook(receiver)
    receiver.goes_on.clear()
    with processes(world, *KINDS, lease_s=3.0) as running:
        world.send("1", onprem_data())
        until(receiver.heard.is_set, "nothing came")
        running.signal("clock", signal.SIGKILL)
        receiver.goes_on.set()
        arrived(world, receiver, 1)
    assert receiver.ids()[0] == receiver.ids()[1]


@pytest.mark.costly
def test_two_deliver_at_once(world: World, receiver: Receiver) -> None:
    """Two processes deliver every event, a request's in order, and hardly any twice."""
    world.hook(receiver)
    with processes(world, *KINDS) as running:
        running.start("clock.2", "clock")
        for number in range(20):
            world.send(str(number), onprem_data(contract=None, severity="C"))
        for number in range(20, 24):
            world.send(str(number), onprem_data())
        sent = "SELECT count(*) FROM deliveries WHERE ended_at IS NULL"
        waiting = "SELECT count(*) FROM requests WHERE due_at IS NOT NULL AND state <> 'held'"
        until(lambda: len(world.states()) == 24 and world.count(waiting) == 0, "still at work")
        until(
            lambda: (
                world.count("SELECT count(*) FROM outbox WHERE routed_at IS NULL") == 0
                and world.count(sent) == 0
            ),
            "not everything was delivered",
        )
    assert undelivered(world.look(), receiver.events()) == []
    assert len(receiver.ids()) == len(set(receiver.ids()))


@pytest.mark.costly
def test_a_receiver_that_hangs_holds_up_nobody(world: World, receiver: Receiver) -> None:
    """While it says nothing, requests are filed and events are published as ever."""
    world.hook(receiver)
    receiver.goes_on.clear()
    with processes(world, *KINDS):
        world.send("1", onprem_data())
        until(receiver.heard.is_set, "nothing came")
        world.send("2", onprem_data())
        until(lambda: len(world.events("incident.deducted")) == 2, "the rest stands still")
        receiver.goes_on.set()
        arrived(world, receiver, 2)
