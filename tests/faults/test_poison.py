"""K16: a request that takes its process with it, every time."""

from __future__ import annotations

from functools import partial

import pytest

from contracts.ids import request_id
from tests.builders import onprem_data
from tests.driving import SOURCE
from tests.faults.processes import Processes, processes, until
from tests.faults.world import World

NEIGHBOURS = ("a", "b", "c", "d", "e")
SLOW = {"portal": "onprem", "times": None, "fault": {"slow": 0.5}}


def has_died(run: Processes, worker: int) -> bool:
    """Whether another process has taken the worker's place."""
    return run.supervisor.pids().get("worker", worker) != worker


@pytest.mark.costly
def test_poison_is_put_away_and_its_neighbours_pass(world: World) -> None:
    """K16: after three deliveries it is given up; who was in hand with it each time passes."""
    poison = request_id(SOURCE, "poison")
    world.fault(**SLOW)
    with processes(world, "intake", "clock", lease_s=3, rehint_s=1) as run:
        run.start("worker", FAILPOINT=f"assess.decided@{poison}=segfault")
        for sender_id in NEIGHBOURS:
            world.send(sender_id, onprem_data())
        until(lambda: "submitting" in world.states().values(), "nothing is under way")
        world.send("poison", onprem_data())
        for _ in range(3):
            worker = run.pid("worker")
            until(partial(has_died, run, worker), "the worker lives")
            world.time_passes()

        ends = {"poison": "failed", **dict.fromkeys(NEIGHBOURS, "submitted")}
        until(lambda: world.states() == ends, "not at rest")
        until(lambda: world.broken() == [], "an invariant does not hold")
        run.until_logged("request.poison", request=poison, deliveries=3)
        assert [one["data"]["error"]["code"] for one in world.events("request.failed")] == [
            "poison"
        ]
