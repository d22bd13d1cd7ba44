"""Every call that reached a portal, in order. Never keeps a header, a query or a body.

So neither an access id, a contract id nor a bearer token can be in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sandbox.call import Call
from sandbox.clock import Clock
from sandbox.store import Store

Listener = Callable[["Entry"], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One call; `status` is what was answered, or that the connection was cut instead."""

    time: float
    method: str
    path: str
    portal: str
    operation: str
    status: int | Literal["dropped"]
    key: str | None
    fault: str | None


class Journal:
    """Append-only; `listener` hears each entry as it is written."""

    def __init__(self, store: Store, clock: Clock, listener: Listener | None = None) -> None:
        self._store = store
        self._clock = clock
        self._listener = listener
        self.entries = [Entry(**record) for record in store.load("journal")]

    def write(self, call: Call, status: int | Literal["dropped"], fault: str | None) -> None:
        entry = Entry(
            self._clock(), call.method, call.path, call.portal, call.operations[0], status,
            call.key, fault,
        )  # fmt: skip
        self.entries.append(entry)
        self._store.put("journal", str(len(self.entries)), entry)
        if self._listener:
            self._listener(entry)
