"""What tests of single requests have in common: orders, hints, and the end that all hope for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ledger import parking
from ledger.states import State
from tests.builders import onprem_data
from tests.driving import Driver
from tests.faults.world import World, azure_data
from workers.actors import STEPS
from workers.sweep import sweep

ORDERS: Mapping[str, Callable[..., dict[str, Any]]] = {"onprem": onprem_data, "azure": azure_data}
DAY_S = 86_400.0


def queued(driver: Driver, data: dict[str, Any], sender_id: str = "1") -> str:
    """Send a request and decide it; it waits for its portal."""
    request = driver.send(data, sender_id).request
    assert request is not None
    STEPS["assess"](driver.app, request)
    assert driver.story(request).line.state == State.QUEUED
    return request


def hint_everything(driver: Driver, *requests: str) -> None:
    """Hint these requests everywhere, then sweep."""
    for request in requests:
        for step in STEPS.values():
            step(driver.app, request)
    sweep(driver.app)


def parked(driver: Driver) -> list[str]:
    """Give the portals that are parked."""
    return [one.portal for one in driver.app.store.read(parking.parked)]


def assert_filed_once(driver: Driver, world: World, *requests: str) -> None:
    """There are these alone, each with one ticket and one deduction, and every invariant holds."""
    driver.publish()
    assert set(world.states().values()) == {State.SUBMITTED}
    assert len(world.states()) == len(driver.tickets()) == len(requests)
    assert parked(driver) == []
    assert world.broken() == []


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """Give the fields of every event of ours that was logged."""
    messages: list[object] = [one.msg for one in caplog.records]
    return [one for one in messages if isinstance(one, dict)]
