"""R1, R5: the portal made the ticket, and its answer was lost, or came too late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from adapters.portals.onprem.client import onprem_portal
from adapters.portals.port import Order, Portal, Ticket
from adapters.transport import Limits, Transport
from ledger.states import State
from tests.adapters.orders import TOKEN, clock
from tests.builders import onprem_data
from tests.driving import Driver
from tests.faults.world import World, azure_data
from workers.submit import submit

ORDERS = {"onprem": onprem_data, "azure": azure_data}
PATIENCE_S = 30.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Slow:
    """A portal on the way to which, or back from which, one order is held up."""

    real: Portal
    before: Callable[[], object] = bool
    after: Callable[[], object] = bool
    lookup_is_proof: bool = True
    visible_after_s: float = 0.0
    _passed: threading.Event = field(default_factory=threading.Event)

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        first = not self._passed.is_set()
        self._passed.set()
        if first:
            self.before()
        ticket = self.real.file(order, note)
        if first:
            self.after()
        return ticket

    def resume(self, order: Order, token: str) -> Ticket:
        return self.real.resume(order, token)

    def find(self, order: Order) -> Ticket | None:
        return self.real.find(order)

    def close(self) -> None:
        self.real.close()


def queued(driver: Driver, data: dict[str, Any]) -> str:
    """Send a request and decide it; it waits for its portal."""
    request = driver.send(data).request
    assert request is not None
    driver.step()
    assert driver.story(request).line.state == State.QUEUED
    return request


def assert_filed_once(driver: Driver, world: World, request: str, creations: int) -> None:
    """One ticket and one deduction, so many orders sent, and every invariant holds."""
    driver.publish()
    assert driver.story(request).line.state == State.SUBMITTED
    assert len(driver.tickets()) == 1
    assert world.creations() == creations
    assert world.broken() == []


@pytest.mark.parametrize("portal", ORDERS)
def test_a_ticket_whose_answer_was_lost_is_found(driver: Driver, world: World, portal: str) -> None:
    """R1: the line is cut after the ticket was made: it is found by our key, and nothing resent."""
    driver.fault(portal=portal, operation="create", fault="drop_after")
    request = queued(driver, ORDERS[portal]())
    driver.step()
    driver.age(DAY_S)
    driver.settle()

    assert_filed_once(driver, world, request, creations=1)


def test_an_answer_after_our_time_limit_is_not_waited_for(driver: Driver, world: World) -> None:
    """R5: the answer comes when we have hung up: the ticket is found, and counts once."""
    driver.fault(portal="onprem", operation="create", fault={"slow": 30})
    hasty = Transport(driver.sandbox.bridge_url, TOKEN, clock=clock, limits=Limits(read_s=0.2))
    portals = {**driver.app.portals, "onprem": onprem_portal(hasty)}
    impatient = replace(driver, app=replace(driver.app, portals=portals))
    request = queued(driver, onprem_data())

    impatient.step()
    assert driver.story(request).line.state == State.SUBMITTING
    impatient.settle()

    assert_filed_once(driver, world, request, creations=1)
    hasty.close()


@pytest.mark.parametrize(
    ("portal", "held", "creations"),
    [("onprem", "before", 2), ("onprem", "after", 1), ("azure", "after", 1)],
)
def test_an_answer_after_another_worker_is_done_is_logged(
    driver: Driver,
    world: World,
    caplog: pytest.LogCaptureFixture,
    portal: str,
    held: str,
    creations: int,
) -> None:
    """R5: order or answer arrive when another worker has found or filed it: one effect, and heard.

    An order held up on its way arrives after the one that took its place, under the same key.
    """
    gone, done = threading.Event(), threading.Event()

    def hold() -> None:
        gone.set()
        assert done.wait(PATIENCE_S)

    real = driver.app.portals[portal]
    slow = Slow(real, before=hold) if held == "before" else Slow(real, after=hold)
    late = replace(driver.app, portals={**driver.app.portals, portal: slow})
    request = queued(driver, ORDERS[portal]())
    thread = threading.Thread(target=submit, args=(late, request))
    thread.start()
    assert gone.wait(PATIENCE_S)
    driver.lapse()
    driver.age(DAY_S)
    driver.settle()
    number = driver.story(request).line.ticket
    done.set()
    thread.join()

    assert_filed_once(driver, world, request, creations)
    (heard,) = logged(caplog, "answer.late")
    assert (heard["request"], heard["ticket"], heard["attempt"]) == (request, number, 1)


def logged(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    """Give the fields of what was logged under this name."""
    messages: list[object] = [one.msg for one in caplog.records]
    return [one for one in messages if isinstance(one, dict) and one["event"] == event]
