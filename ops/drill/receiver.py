"""Reads the stream of events as a receiver does: all the time, telling repeats by their ids.

Keeps what it read in a file of the drill's folder. What a flushed Redis took away before it was
read is missed, as any receiver would miss it, until it is published again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

import orjson
import redis

from contracts.event_data import Accepted
from ops import event_reader
from ops.drill.load import SOURCE

Entries = list[tuple[bytes, object]]
BLOCK_MS = 250
MOST = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as it first came; `at` is this machine's clock, `made_at` the event's own time."""

    id: str
    type: str
    subject: str
    sequence: int | None
    made_at: float
    at: float


class Receiver:
    """One receiver; `seen` has every event by its id, in the order in which it first came."""

    def __init__(self, server: redis.Redis, stream: str, file: Path) -> None:
        self.seen: dict[str, Seen] = {}
        self.altered: set[str] = set()
        """Ids under which two contents came."""
        self.accepted: set[str] = set()
        """Keys of ours that an event acknowledged."""
        self.entries = 0
        self._bodies: dict[str, bytes] = {}
        self._server = server
        self._stream = stream
        self._file = file
        self._last = "0"
        self._stopping = threading.Event()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read for as long as the block runs."""
        thread = threading.Thread(target=self._run, name="receiver")
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            thread.join()

    def at_end(self) -> bool:
        """Whether everything that is on the stream was read; false when nobody can tell."""
        try:
            newest = cast("Entries", self._server.xrevrange(self._stream, count=1))
        except redis.RedisError:
            return False
        return not newest or newest[0][0].decode() == self._last

    def _run(self) -> None:
        with self._file.open("ab", buffering=0) as file:
            while not self._stopping.is_set():
                try:
                    entries = event_reader.read(
                        self._server, self._stream, self._last, most=MOST, block_ms=BLOCK_MS
                    )
                except redis.RedisError:
                    self._stopping.wait(0.2)
                    continue
                for place, body in entries:
                    file.write(body + b"\n")
                    self._take(body)
                    self._last = place

    def _take(self, body: bytes) -> None:
        event = orjson.loads(body)
        name = event["id"]
        self.entries += 1
        if self._bodies.setdefault(name, body) != body:
            self.altered.add(name)
        if name not in self.seen:
            made_at = datetime.fromisoformat(event["time"]).timestamp()
            subject, sequence = event.get("subject", ""), event.get("sequence")
            self.seen[name] = Seen(name, event["type"], subject, sequence, made_at, time.time())
        if event["type"] == Accepted.TYPE and event.get("causesource") == SOURCE:
            self.accepted.add(event.get("correlationid", ""))
