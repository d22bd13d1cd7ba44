"""Real processes of the Procfile, for tests that kill, stop and deceive them.

Each runs under a supervisor of the test's own and is started again when it ends. All of them end
with the block, whatever happens within it, those that a signal has stopped too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ops.child import Program
from ops.event_log import event_log
from ops.site import child_settings
from ops.supervisor import Manners, Supervisor
from ops.waiting import wait_for
from tests.faults.world import World

PATIENCE_S = 30.0
MANNERS = Manners(pauses_s=(0.0, 0.2), grace_s=3.0)


@dataclass(frozen=True, slots=True)
class Processes:
    """What runs, by name, and the one log that all of it writes to."""

    supervisor: Supervisor
    settings: Mapping[str, str]
    log: Path

    def start(self, name: str, kind: str = "", **variables: str) -> None:
        """Keep a process of this kind (its name, unless said) running, with these variables."""
        command = (sys.executable, "-m", "ops", "run", kind or name)
        self.supervisor.launch(Program(name, command, {**self.settings, **variables}))

    def pid(self, name: str) -> int:
        """Give the number of the process, once it runs."""
        until(lambda: name in self.supervisor.pids(), f"{name} does not run")
        return self.supervisor.pids()[name]

    def signal(self, name: str, number: signal.Signals) -> None:
        os.kill(self.pid(name), number)

    def stopped(self, name: str) -> bool:
        """Whether a signal has stopped the process (Linux tells)."""
        status = Path(f"/proc/{self.pid(name)}/stat").read_text(encoding="utf-8")
        return status.rpartition(")")[2].split()[0] == "T"

    def events(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """Give what was logged so far under this name and with these fields."""
        wanted = {"event": event, **fields}.items()
        return [one for one in self._lines() if wanted <= one.items()]

    def until_logged(self, event: str, times: int = 1, **fields: Any) -> None:
        """Wait until it is logged."""
        words = f"{event} {fields or ''} was not logged; see {self.log}"
        until(lambda: len(self.events(event, **fields)) >= times, words)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Read the log; a line in the making, and what is no event, is left out."""
        for line in self.log.read_bytes().splitlines():
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError:
                continue


@contextmanager
def processes(world: World, *kinds: str, **settings: Any) -> Iterator[Processes]:
    """Run one process of each kind, and whatever else is started, until the block ends."""
    chosen = world.settings(**settings)
    log = event_log(chosen)
    with Supervisor(log, MANNERS) as supervisor:
        found = Processes(supervisor, child_settings(chosen), log)
        for kind in kinds:
            found.start(kind)
        yield found


def until(check: Callable[[], bool], words: str, limit_s: float = PATIENCE_S) -> None:
    """Wait until it is so; fail with these words when it takes too long."""
    wait_for(check, words, stopping=threading.Event(), limit_s=limit_s)
