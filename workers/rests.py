"""Receivers that are let rest after a failure, so that a whole backlog does not run into it.

Kept by each process for itself: it spends nothing and decides nothing about any delivery.
"""

from __future__ import annotations

import threading
import time

FIRST_S = 1.0
MOST_S = 60.0
LONGEST_S = 3_600.0
"""However long a rest a receiver asks for."""


class Rests:
    """Lines of deliveries, how often each failed in a row, and until when it rests."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._failures: dict[str, int] = {}
        self._until: dict[str, float] = {}

    def now(self) -> set[str]:
        """Give the lines that rest at present."""
        moment = time.monotonic()
        with self._guard:
            return {line for line, until in self._until.items() if until > moment}

    def begin(self, line: str, asked_s: float = 0.0) -> None:
        """Let the line rest, longer each time, and no shorter than it asked for."""
        with self._guard:
            failures = self._failures[line] = self._failures.get(line, 0) + 1
            rest_s = min(FIRST_S * 2 ** min(failures - 1, 16), MOST_S)
            self._until[line] = time.monotonic() + max(rest_s, min(asked_s, LONGEST_S))

    def end(self, line: str) -> None:
        """Take the line as well."""
        with self._guard:
            self._failures.pop(line, None)
            self._until.pop(line, None)
