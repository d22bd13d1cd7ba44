"""The requests this process has claimed, so that their leases can be renewed while it works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Holdings:
    """A set of request numbers that many threads add to and take from."""

    def __init__(self) -> None:
        self._held: set[str] = set()
        self._lock = threading.Lock()

    @contextmanager
    def holding(self, request: str) -> Iterator[None]:
        with self._lock:
            self._held.add(request)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(request)

    def now(self) -> list[str]:
        with self._lock:
            return sorted(self._held)
