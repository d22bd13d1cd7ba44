"""R1, R5: the portal made the ticket, and its answer was lost, or came too late."""

from __future__ import annotations

import threading

import pytest

from adapters.portals.onprem.client import onprem_portal
from adapters.transport import Limits, Transport
from ledger.states import State
from tests.adapters.orders import TOKEN, clock
from tests.builders import onprem_data
from tests.driving import Driver
from tests.faults.filing import DAY_S, ORDERS, assert_filed_once, logged, queued
from tests.faults.portals import HeldUp, by_way_of
from tests.faults.world import World
from workers.submit import submit

PATIENCE_S = 30.0


@pytest.mark.parametrize("portal", ORDERS)
def test_a_ticket_whose_answer_was_lost_is_found(driver: Driver, world: World, portal: str) -> None:
    """R1: the line is cut after the ticket was made: it is found by our key, and nothing resent."""
    driver.fault(portal=portal, operation="create", fault="drop_after")
    request = queued(driver, ORDERS[portal]())
    driver.step()
    assert driver.story(request).line.state == State.SUBMITTING
    driver.age(DAY_S)
    driver.settle()

    assert world.creations() == 1
    assert_filed_once(driver, world, request)


def test_an_answer_after_our_time_limit_is_not_waited_for(driver: Driver, world: World) -> None:
    """R5: the answer comes when we have hung up: the ticket is found, and counts once."""
    driver.fault(portal="onprem", operation="create", fault={"slow": 30})
    hasty = Transport(driver.sandbox.bridge_url, TOKEN, clock=clock, limits=Limits(read_s=0.2))
    impatient = by_way_of(driver, onprem=onprem_portal(hasty))
    request = queued(driver, onprem_data())

    impatient.step()
    assert driver.story(request).line.state == State.SUBMITTING
    impatient.settle()

    assert world.creations() == 1
    assert_filed_once(driver, world, request)
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
    """R5: order or answer arrive when another worker has filed it: one effect, and it is heard.

    An order held up on its way arrives after the one that took its place, under the same key.
    """
    gone, done = threading.Event(), threading.Event()

    def hold() -> None:
        gone.set()
        assert done.wait(PATIENCE_S)

    real = driver.app.portals[portal]
    slow = HeldUp(real, before=hold) if held == "before" else HeldUp(real, after=hold)
    request = queued(driver, ORDERS[portal]())
    late = threading.Thread(target=submit, args=(by_way_of(driver, **{portal: slow}).app, request))
    late.start()
    assert gone.wait(PATIENCE_S)
    driver.lapse()
    driver.age(DAY_S)
    driver.settle()
    number = driver.story(request).line.ticket
    done.set()
    late.join()

    assert world.creations() == creations
    assert_filed_once(driver, world, request)
    (heard,) = (one for one in logged(caplog) if one["event"] == "answer.late")
    assert (heard["request"], heard["ticket"], heard["attempt"]) == (request, number, 1)
