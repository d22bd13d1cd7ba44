"""R3: answers that are cut, that are no answers, that come in parts, and 'you have it already'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.states import State
from sandbox.azure.operations import Rhythm
from sandbox.server import SandboxServer
from sandbox.settings import Settings
from tests.adapters.orders import ONPREM
from tests.builders import onprem_data
from tests.driving import Driver
from tests.faults.filing import DAY_S, ORDERS, assert_filed_once, queued
from tests.faults.world import World, azure_data


@pytest.mark.parametrize(
    ("portal", "fault", "creations"),
    [
        ("onprem", "cut_body", 1),
        ("onprem", "html", 2),
        ("azure", "cut_body", 1),
        ("azure", {"status": 409}, 2),
    ],
    ids=str,
)
def test_what_tells_nothing_is_looked_up(
    driver: Driver, world: World, portal: str, fault: object, creations: int
) -> None:
    """R3: a 201 cut in its middle, a page with 200, a 409: looked up; resent if proven absent."""
    driver.fault(portal=portal, operation="create", fault=fault)
    request = driver.send(ORDERS[portal]()).request or ""
    for _ in range(2):
        driver.step()
    assert world.creations() == 1
    driver.age(DAY_S)
    driver.settle()

    assert world.creations() == creations
    assert_filed_once(driver, world, request)


def test_a_ticket_that_has_our_key_is_ours(driver: Driver, world: World) -> None:
    """R3: 409, as the portal has a ticket under our key, filed in other words: that one it is."""
    request = driver.send(onprem_data()).request or ""
    driver.step()
    driver.app.portals["onprem"].file(replace(ONPREM, key=request), print)
    driver.settle()

    assert world.creations() == 2
    assert_filed_once(driver, world, request)


class TestTaken:
    """An Azure that takes an order and is long about it."""

    @pytest.fixture
    def sandbox(self) -> Iterator[SandboxServer]:
        """Answer 'in progress' many times."""
        with SandboxServer(Settings(rhythm=Rhythm(looks=12))) as server:
            yield server

    @pytest.fixture
    def driver(self, world: World, sandbox: SandboxServer) -> Iterator[Driver]:
        """Give an app that does not wait for Azure within a step."""
        azure = {**world.settings().azure.model_dump(), "patience_s": 0.03, "poll_s": 0.01}
        with world.app(azure=azure) as app:
            yield Driver(app, sandbox)

    def test_what_azure_has_taken_is_waited_for(self, driver: Driver, world: World) -> None:
        """R3: 202, then 'in progress', then a ticket that shows late: asked after, never resent."""
        gone = {"status": 404, "code": "ResourceNotFound"}
        driver.fault(portal="azure", operation="lookup", times=9, fault=gone)
        request = driver.send(azure_data()).request or ""
        rounds = 0
        while driver.story(request).line.state != State.SUBMITTED:
            rounds += driver.step()
            driver.hasten()
            assert rounds < 60

        assert rounds > 4
        assert world.creations() == 1
        assert_filed_once(driver, world, request)


def test_an_order_that_the_portal_never_stands_comes_to_an_end(
    driver: Driver, world: World
) -> None:
    """R3: answered 500 each time and never there: that is a try each time, and there is a last."""
    driver.fault(portal="onprem", operation="create", times=None, fault={"status": 500})
    request = queued(driver, onprem_data())
    driver.settle()
    driver.publish()

    assert driver.story(request).line.state == State.FAILED
    assert world.creations() == driver.app.limits.attempts
    assert [one["outcome"] for one in driver.story(request).attempts] == ["absent"] * 8
    assert world.broken() == []
