from __future__ import annotations

import signal

from tests.faults.processes import processes, until
from tests.faults.world import ENDS, World, samples


def test_a_killed_worker_has_a_successor(world: World) -> None:
    """Real processes do the samples, though the first worker is killed as it begins."""
    with processes(world, "intake", "worker", "clock", lease_s=3, rehint_s=1) as run:
        first = run.pid("worker")
        for sender_id, data in samples().items():
            world.send(sender_id, data)
        run.until_logged("request.decided")
        run.signal("worker", signal.SIGKILL)

        until(lambda: world.states() == ENDS, "the samples do not come to rest")
        assert run.pid("worker") != first
        until(lambda: world.broken() == [], "an invariant does not hold")
