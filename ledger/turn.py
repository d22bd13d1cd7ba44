"""Whose turn it is to write to an SQLite file, among the processes of one machine.

SQLite's own waiting is polling without a queue, so that a process that writes all the time starves
the others for seconds; the system's file lock wakes them in turn. Never a matter of correctness:
without it (no `fcntl` on Windows) only the waits are longer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


class Turn:
    """A place in the queue for one database file."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}.turn").open("w")

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and give it back."""
        if sys.platform == "win32":
            yield
            return
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        self._file.close()
