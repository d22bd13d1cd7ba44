"""Whose turn it is to write to an SQLite file, among the processes of one machine.

SQLite's own waiting is polling without a queue, so that a process that writes all the time starves
the others for seconds; the system's file lock wakes them in turn. Never a matter of correctness:
without it (no `fcntl` on Windows, no place for its file, a holder that was stopped) only the waits
are longer.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

if sys.platform != "win32":
    import fcntl

LONGEST_S = 2.0
"""Whoever has had the turn for so long does not use it: a commit takes milliseconds."""


class Turn:
    """A place in the queue for one database file."""

    def __init__(self, database: Path, longest_s: float = LONGEST_S) -> None:
        self._place = database.with_name(f"{database.name}.turn")
        self._longest_s = longest_s

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, but not for ever, and give it back."""
        file = self._opened()
        if file is None or sys.platform == "win32":
            yield
            return
        got, done = threading.Event(), threading.Event()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # The system's wait has no limit: a thread waits, and is left behind if it must.
            if _started(file, got, done):
                got.wait(self._longest_s)
        except OSError:  # a file system without locks
            done.set()
        else:
            got.set()
            done.set()
        try:
            yield
        finally:
            if got.is_set():
                fcntl.flock(file, fcntl.LOCK_UN)
            if done.is_set():
                file.close()
            done.set()

    def _opened(self) -> TextIO | None:
        """Open the lock's file; None where that cannot be, as in a folder without room."""
        try:
            return self._place.open("w")
        except OSError:
            return None


def _started(file: TextIO, got: threading.Event, done: threading.Event) -> bool:
    """Have a thread wait for the turn; False where there is no room for one."""
    try:
        threading.Thread(target=_wait, args=(file, got, done), name="turn", daemon=True).start()
    except RuntimeError:
        done.set()
        return False
    return True


def _wait(file: TextIO, got: threading.Event, done: threading.Event) -> None:
    """Wait for the turn, however long it takes, and keep it until it is not wanted any more."""
    if sys.platform != "win32":
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            got.set()
            done.wait()
