"""The requests this process has claimed, so that their leases can be renewed while it works."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.requests import Claim

LONGEST_S = 300.0
"""No step takes longer than its calls' own time limits: one that does hangs, and is let go."""


class Holdings:
    """A set of request numbers that many threads add to and take from."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._lock = threading.Lock()
        self._owed: dict[str, Claim] = {}
        self.last_tries = threading.Lock()
        """Held while a request that may be poison is tried for the last time."""

    @contextmanager
    def holding(self, request: str) -> Iterator[None]:
        with self._lock:
            self._since[request] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._since.pop(request, None)

    def owe(self, claim: Claim) -> None:
        """Remember a claim that is to be handed back, and could not be."""
        with self._lock:
            self._owed[claim.id] = claim

    def settle(self, claim: Claim) -> None:
        """Forget a claim that was handed back."""
        with self._lock:
            self._owed.pop(claim.id, None)

    def owed(self) -> list[Claim]:
        with self._lock:
            return list(self._owed.values())

    def now(self, longest_s: float = LONGEST_S) -> list[str]:
        """Give what is held and was not taken up too long ago."""
        return self._taken_up(longest_s, hung=False)

    def hung(self, longest_s: float = LONGEST_S) -> list[str]:
        """Give what was taken up too long ago: its thread will not come back by itself."""
        return self._taken_up(longest_s, hung=True)

    def _taken_up(self, longest_s: float, *, hung: bool) -> list[str]:
        begin = time.monotonic() - longest_s
        with self._lock:
            return sorted(one for one, since in self._since.items() if (since <= begin) == hung)
