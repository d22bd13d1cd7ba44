"""Waiting at a person's command: until something is so, or they lose patience, or ask to stop."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from ops.problem import Problem

LOOK_S = 0.05
STOPPED = 130


@contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """Give an event that Ctrl-C, SIGTERM and a closed terminal set while the block runs."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_for(
    check: Callable[[], bool], words: str, *, stopping: threading.Event, limit_s: float = 60.0
) -> None:
    """Look again and again; raise `Problem` with `words` when it takes too long."""
    until = time.monotonic() + limit_s
    while not check():
        if time.monotonic() > until:
            raise Problem(words)
        if stopping.wait(LOOK_S):
            raise Problem("stopped before everything had started", status=STOPPED)
