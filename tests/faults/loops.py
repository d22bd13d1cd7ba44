"""The real loops of intake, worker and clock as threads of the test, each with parts of its own.

Their waits are cut short. They end with the block, and it fails unless each of them leaves in good
order: a worker that finds one of its threads dead or silent does not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from typing_extensions import override

from tests.faults.world import World
from workers.app import App
from workers.listeners.stream import StreamListener
from workers.processes import clock, worker

SOON_S = 0.05
QUICK: dict[str, Any] = {
    "concurrency": 2,
    "lease_s": 3,
    "look_after_s": 0.1,
    "publish_s": 0.02,
    "rehint_s": 0.3,
    "retry_first_s": 0.1,
    "sweep_s": 0.05,
}


class Hurry(threading.Event):
    """A signal to stop that nobody waits for longer than a moment."""

    @override
    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(SOON_S if timeout is None else min(timeout, SOON_S))


@contextmanager
def loops(world: World, **settings: Any) -> Iterator[None]:
    """Run one loop of each kind, with these settings, until the block ends."""
    stopping = Hurry()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.setattr("dramatiq.worker.CONSUMER_RESTART_DELAY_SECS", SOON_S)
        apps = {kind: stack.enter_context(world.app(**QUICK, **settings)) for kind in LOOPS}
        with ThreadPoolExecutor(len(LOOPS)) as pool:
            runs = {kind: pool.submit(LOOPS[kind], apps[kind], stopping) for kind in LOOPS}
            try:
                yield
            finally:
                stopping.set()
        assert {kind: run.result() for kind, run in runs.items()} == dict.fromkeys(LOOPS, 0)


def _intake(app: App, stopping: threading.Event) -> int:
    StreamListener(app, abandoned_after_s=0.2, block_ms=20).run(stopping)
    return 0


def _worker(app: App, stopping: threading.Event) -> int:
    app.broker.idle_s = SOON_S
    return worker(app, stopping)


LOOPS: dict[str, Callable[[App, threading.Event], int]] = {
    "intake": _intake,
    "worker": _worker,
    "clock": clock,
}
