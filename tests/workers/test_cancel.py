from __future__ import annotations

from dataclasses import replace

import pytest

from ledger import proof
from ledger.states import State
from tests.builders import onprem_data
from tests.driving import Driver
from tests.workers.test_submit import balance, queued
from workers.actors import STEPS
from workers.cancel import NotCancelled, cancel
from workers.submit import submit


def call_off(driver: Driver, request: str) -> None:
    """Call it off as a person does."""
    cancel(driver.app, request, who="suzuki", why="filed by phone")


def test_a_waiting_request_is_called_off(driver: Driver) -> None:
    """Its promise is given back, its sender told why, and later hints do nothing."""
    driver.fault(portal="onprem", operation="create", fault={"status": 429, "retry_after": 900})
    request = queued(driver)
    submit(driver.app, request)
    assert balance(driver) == (20, 1)

    call_off(driver, request)
    for step in STEPS.values():
        step(driver.app, request)
    driver.settle()

    assert driver.story(request).line.state == State.CANCELLED
    assert driver.tickets() == []
    assert balance(driver) == (20, 0)
    assert driver.events()[-1].data.model_dump()["why"] == "filed by phone"
    assert driver.story(request).history[-1]["who"] == "suzuki"
    assert driver.app.store.read(proof.verify).clean


def test_a_worker_that_has_it_in_hand_writes_no_more(driver: Driver) -> None:
    """Called off between the claim and the intention: nothing is sent."""
    request = queued(driver)

    def reach(name: str, request: str = "") -> None:
        if name == "step.claimed":
            call_off(driver, request)

    submit(replace(driver.app, reach=reach), request)

    assert driver.story(request).line.state == State.CANCELLED
    assert driver.tickets() == []


def test_too_late_is_too_late(driver: Driver) -> None:
    """What has a ticket, or may have one, is not called off."""
    request = driver.file(onprem_data()).line.id

    with pytest.raises(NotCancelled, match="is submitted: too late"):
        call_off(driver, request)
    with pytest.raises(NotCancelled, match="does not exist"):
        call_off(driver, "TR-0")

    assert driver.story(request).line.state == State.SUBMITTED
    assert "request.cancelled" not in driver.types()
