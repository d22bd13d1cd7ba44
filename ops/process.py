"""One process of the Procfile: runs until it is told to stop, or is left alone."""

from __future__ import annotations

import signal
import sys
import threading
from types import FrameType

import structlog

from ops import lifeline
from ops.problem import bad_input
from workers import bootstrap
from workers.beat import beating
from workers.processes import BROKEN, PROCESSES

log = structlog.get_logger()
WORKER, CLOCK = "worker", "clock"


def run(name: str, descriptor: int | None) -> int:
    """Run the process; give its exit status. Raise `Problem` for a name that there is not."""
    if name not in PROCESSES:
        raise bad_input(f"there is no process {name}: choose one of {', '.join(PROCESSES)}")
    stopping = _stop_signal()
    if descriptor is not None:
        lifeline.watch(descriptor)
    settings = bootstrap.read_settings()
    bootstrap.configure_logs(settings, name, sys.stdout)
    try:
        app = bootstrap.build(settings, name, files=name == WORKER, delivers=name == CLOCK)
        try:
            with beating(app):
                return PROCESSES[name](app, stopping)
        finally:
            app.close()
    except bootstrap.SettingsError:
        raise
    except Exception:
        log.exception("process.broke")
        return BROKEN


def _stop_signal() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    return stopping
