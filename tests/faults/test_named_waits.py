"""R4: waits that a portal names, in every spelling."""

from __future__ import annotations

import pytest

from adapters.answers import SHORTEST_NAMED_S
from adapters.retry_after import HOUR_S
from ledger import parking
from ledger.clock import moment
from tests.builders import onprem_data
from tests.driving import Driver
from tests.faults.filing import ORDERS, assert_filed_once, hint_everything, parked, queued
from tests.faults.world import World

SPELLINGS = [
    ("onprem", {"status": 429, "retry_after": 90}, 90.0),
    ("onprem", {"status": 429, "retry_after": {"date": 90}}, 90.0),
    ("onprem", {"status": 429, "retry_after": "past"}, SHORTEST_NAMED_S),
    ("onprem", {"status": 503, "retry_after": "absurd"}, HOUR_S),
    ("azure", {"status": 503, "retry_after": {"date": 90}}, 90.0),
]


def parked_s(driver: Driver) -> float:
    """Give for how long the one portal is parked that is."""
    (parked,) = driver.app.store.read(parking.parked)
    return (parked.until - driver.app.store.read(moment)).total_seconds()


@pytest.mark.parametrize(("portal", "fault", "wait_s"), SPELLINGS, ids=str)
def test_a_named_wait_is_everybodys(
    driver: Driver, world: World, portal: str, fault: object, wait_s: float
) -> None:
    """R4: a wait that the portal names is honoured, capped, spends nothing, and parks it."""
    driver.fault(portal=portal, operation="create", times=2, fault=fault)
    requests = [queued(driver, ORDERS[portal](), key) for key in "123"]
    driver.step()

    assert parked_s(driver) == pytest.approx(wait_s, abs=3)
    assert world.creations() == 1
    hint_everything(driver, *requests)
    assert world.creations() == 1
    driver.settle()

    assert [driver.story(request).attempts_spent for request in requests] == [0, 0, 0]
    assert world.creations() == 5
    assert_filed_once(driver, world, *requests)


@pytest.mark.parametrize("retry_after", ["missing", "soon"])
def test_a_wait_that_is_not_named_is_the_requests_own(
    driver: Driver, world: World, retry_after: str
) -> None:
    """R4: 429 with no time, or one nobody can read, spends an attempt; others go on."""
    fault = {"status": 429, "retry_after": retry_after}
    driver.fault(portal="onprem", operation="create", fault=fault)
    requests = [queued(driver, onprem_data(), key) for key in "12"]
    driver.step()

    assert parked(driver) == []
    assert world.creations() == 2
    driver.settle()
    assert sorted(driver.story(request).attempts_spent for request in requests) == [0, 1]
    assert_filed_once(driver, world, *requests)


def test_a_look_up_is_told_to_wait_too(driver: Driver, world: World) -> None:
    """R4: a named wait in place of a look-up parks the portal, and counts as no look-up."""
    driver.fault(portal="onprem", operation="create", fault="drop_after")
    busy = {"status": 429, "retry_after": 60}
    driver.fault(
        portal="onprem", operation="lookup", times=driver.app.limits.lookups + 5, fault=busy
    )
    request = queued(driver, onprem_data())
    driver.step()
    driver.hasten()
    driver.step()
    assert parked_s(driver) == pytest.approx(60, abs=3)
    driver.settle()

    assert world.creations() == 1
    assert_filed_once(driver, world, request)
