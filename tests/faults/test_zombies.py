"""K15: a worker is stopped for so long that another takes over, and then goes on."""

from __future__ import annotations

import signal

import pytest

from tests.builders import onprem_data
from tests.faults.processes import processes, until
from tests.faults.world import World


@pytest.mark.parametrize("place", ["submit.before_call", "submit.after_call"])
@pytest.mark.costly
def test_a_zombie_changes_nothing(world: World, place: str) -> None:
    """K15: what it sends late is known by its key, what it writes late is refused."""
    with processes(world, "intake", "clock", lease_s=3, rehint_s=1) as run:
        run.start("zombie", "worker", FAILPOINT=f"{place}=stop")
        world.send("1", onprem_data())
        until(lambda: run.stopped("zombie"), "the zombie was not stopped")
        world.time_passes()
        run.start("worker")
        until(lambda: world.states() == {"1": "submitted"}, "nobody took over")

        run.signal("zombie", signal.SIGCONT)

        run.until_logged("step.fenced")
        until(lambda: world.broken() == [], "an invariant does not hold")
        sent = [one for one in world.journal() if one["operation"] == "create"]
        assert len(sent) == (2 if place == "submit.before_call" else 1)
