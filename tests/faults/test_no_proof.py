"""R2: a portal that cannot say whether it has our ticket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from adapters.portals.port import Order, Portal, Ticket
from contracts.directory_file import read_directory
from ledger import directory
from ledger.states import State
from tests.builders import DIRECTORY, onprem_data
from tests.driving import Driver
from tests.faults.world import World
from workers.actors import STEPS
from workers.expire import expire
from workers.sweep import sweep

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


@dataclass(frozen=True, slots=True)
class Blind:
    """A carrier to a portal that knows neither keys nor look-ups."""

    real: Portal
    lookup_is_proof: bool = False
    visible_after_s: float = 0.0

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        return self.real.file(order, note)

    def resume(self, order: Order, token: str) -> Ticket:
        return self.real.resume(order, token)

    def find(self, order: Order) -> Ticket | None:
        """See nothing."""
        del order
        return None

    def close(self) -> None:
        self.real.close()


def blind(driver: Driver, limits: dict[str, Any]) -> Driver:
    """Give an app whose on-premises portal shows nothing, under these limits."""
    portals = {**driver.app.portals, "onprem": Blind(driver.app.portals["onprem"])}
    return replace(
        driver,
        app=replace(
            driver.app,
            owner=f"{driver.app.owner}+",
            portals=portals,
            limits=replace(driver.app.limits, **limits),
        ),
    )


def everything_machines_do(driver: Driver, request: str) -> None:
    """Hint it everywhere, sweep, let promises grow old, import the directory, end old leases."""
    app = driver.app
    for step in STEPS.values():
        step(app, request)
    sweep(app)
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
