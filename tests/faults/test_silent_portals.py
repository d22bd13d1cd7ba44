"""R2: a portal that cannot say whether it has our ticket."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from contracts.directory_file import read_directory
from ledger import directory
from ledger.states import State
from tests.builders import DIRECTORY, onprem_data
from tests.driving import Driver
from tests.faults.filing import hint_everything
from tests.faults.portals import Blind, by_way_of
from tests.faults.world import World
from workers.expire import expire

TIRELESS: dict[str, Any] = {
    "attempts": 1_000,
    "lookups": 1_000,
    "deliveries": 1_000,
    "look_after_s": 0.001,
    "retry_first_s": 0.001,
    "rehint_s": 0.0,
    "promise_s": 0.001,
}
STINGY: dict[str, Any] = {"attempts": 1, "lookups": 1, "deliveries": 1}


def blind(driver: Driver, limits: dict[str, Any]) -> Driver:
    """Give another process, to whom on-premises support shows nothing, under these limits."""
    there = by_way_of(driver, onprem=Blind(driver.app.portals["onprem"]))
    app = replace(
        there.app, owner=f"{driver.app.owner}+", limits=replace(driver.app.limits, **limits)
    )
    return replace(there, app=app)


def everything_machines_do(driver: Driver, request: str) -> None:
    """Hint it everywhere, sweep, let promises grow old, import the directory, end old leases."""
    app = driver.app
    hint_everything(driver, request)
    expire(app)
    driver.lapse()
    driver.step()
    again = read_directory(DIRECTORY)
    app.store.write(lambda db: directory.take_in(db, app.vault, again, who="test"))
    driver.hasten(held=True)
    driver.step()


@pytest.mark.parametrize("limits", [TIRELESS, STINGY], ids=["tireless", "stingy"])
@pytest.mark.parametrize(("fault", "tickets"), [("drop_after", 1), ("drop_before", 0)])
def test_nothing_is_sent_again_on_a_guess(
    driver: Driver, world: World, limits: dict[str, Any], fault: str, tickets: int
) -> None:
    """R2: the answer is lost and no look-up tells: `uncertain`, and left alone by all machines.

    Whether there is a ticket or not, whatever the settings, hints, sweeps, restarts and days.
    """
    driver.fault(portal="onprem", operation="create", fault=fault)
    first = blind(driver, limits)
    request = first.file(onprem_data()).line.id
    assert driver.story(request).line.state == State.UNCERTAIN

    for day in range(3):
        everything_machines_do(blind(first, STINGY if day % 2 else TIRELESS), request)
        world.time_passes()
    driver.publish()

    assert driver.story(request).line.state == State.UNCERTAIN
    assert world.creations() == 1
    assert len(driver.tickets()) == tickets
    assert driver.types() == ["request.accepted", "request.uncertain"]
    assert world.broken() == []
