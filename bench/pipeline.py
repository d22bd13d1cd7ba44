"""The processes under measurement, run as `toritsugi up` runs them, but for the HTTP process.

Redis is the embedded server; the simulated portals answer at once and keep nothing on disk.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.load import directory
from ledger.scratch import Scratch
from ops import actions, embedded, procfile
from ops.child import Program
from ops.event_log import event_log, logging_to_file
from ops.follow import followed
from ops.ports import LOOPBACK, free_port
from ops.problem import Problem
from ops.site import child_settings
from ops.supervisor import Supervisor
from ops.waiting import wait_for
from workers import bootstrap
from workers.app import App
from workers.bootstrap import Settings

MEASURED = ("intake", "worker", "clock")
PORTALS = "sandbox"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Running processes, and our own way to database and Redis."""

    app: App
    database: Scratch
    supervisor: Supervisor
    portals: str
    log: Path

    def pids(self) -> Mapping[str, int]:
        return self.supervisor.pids()


@contextmanager
def running(
    database: Scratch, folder: Path, incidents: int, stopping: threading.Event
) -> Iterator[Pipeline]:
    """Start everything, and stop everything at the end of the block, whatever happens within."""
    port = free_port()
    settings = _settings(database, folder, port)
    with ExitStack() as stack:
        stack.enter_context(logging_to_file(settings, "bench"))
        log = event_log(settings)
        stack.callback(embedded.tidy, settings.var, bootstrap.redis_socket(settings))
        supervisor = stack.enter_context(Supervisor(log))
        _start_ground(supervisor, settings, port, stopping)
        app = bootstrap.build(settings, "bench")
        stack.callback(app.close)
        actions.import_directory(app, directory(incidents), who="bench")
        for program in procfile.programs(child_settings(settings)):
            if program.name in MEASURED:
                supervisor.launch(program)
        yield Pipeline(app, database, supervisor, f"http://{LOOPBACK}:{port}", log)


def _settings(database: Scratch, folder: Path, port: int) -> Settings:
    """Take what the environment says of the workers, and our own places."""
    own = {"var": folder, "database_url": database.url, "redis_url": None, "secrets_key": None}
    return bootstrap.embedded(bootstrap.read_settings(**own), sandbox_port=port)


def _start_ground(
    supervisor: Supervisor, settings: Settings, port: int, stopping: threading.Event
) -> None:
    socket = bootstrap.redis_socket(settings)
    if socket is None:
        raise Problem("the benchmark runs on the embedded server: unset TORITSUGI_REDIS_URL")
    supervisor.launch(embedded.program(settings.var, socket))
    supervisor.launch(_portals(port))
    words = "{} does not answer"
    wait_for(lambda: embedded.answers(socket), words.format("Redis"), stopping=stopping)
    health = f"http://{LOOPBACK}:{port}/_sandbox/health"
    wait_for(lambda: _answers(health), words.format(health), stopping=stopping)


def _portals(port: int) -> Program:
    words = (sys.executable, "-m", PORTALS, "--port", str(port), "--operation-looks", "0")
    return Program(PORTALS, followed(words), layer=1)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False
