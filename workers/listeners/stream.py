"""Listens on the Redis streams of requests: a batch is recorded, then acknowledged.

The shared stream, and the own stream of each registered sender. Entries of a listener that died are
claimed after a while. A stream or group that is gone (a flushed Redis) is made anew. Never
acknowledges what is not committed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import redis
import structlog

from adapters.inbound.event import parse_event
from contracts.incoming import Parsed
from ledger import senders
from ledger.store import DatabaseError
from workers.admittance import Claim, admit_senders
from workers.app import App
from workers.listeners.streams import claim, own_stream
from workers.record import record

log = structlog.get_logger()

GROUP = "toritsugi"
BATCH = 100
BLOCK_MS = 1_000
Entries = Sequence[tuple[bytes, Mapping[bytes, bytes] | None]]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was handed out of one stream."""

    stream: str
    entries: Entries


class StreamListener:
    """One consumer of the group, named after its process."""

    def __init__(
        self, app: App, *, abandoned_after_s: float = 15.0, block_ms: int = BLOCK_MS
    ) -> None:
        self._app = app
        self._block_ms = block_ms
        self._owners: dict[str, str | None] = {app.requests_stream: None}
        """Each stream that is listened on, and whose own it is."""
        self._made: set[str] = set()
        self._abandoned_ms = round(abandoned_after_s * 1000)

    def run(self, stopping: threading.Event) -> None:
        """Listen until told to stop; a server that is away is asked again each second."""
        while not stopping.is_set():
            if not self.round():
                stopping.wait(1)

    def round(self) -> bool:
        """Make the groups that are not there, and listen once; False when a server is away."""
        try:
            self.open()
            self.once()
        except (redis.RedisError, DatabaseError) as error:
            flushed = "NOGROUP" in str(error)
            if flushed:
                self._made.clear()
            log.warning("intake.away", error=type(error).__name__, flushed=flushed)
            return flushed
        return True

    def once(self) -> int:
        """Take over what a dead listener left, then what is new; give how many were recorded."""
        return self._take(self._abandoned()) + self._take(self._new())

    def open(self) -> None:
        """Make each stream and its group unless they are there; forget those of the revoked."""
        shared, names = self._app.requests_stream, self._app.store.read(senders.active)
        self._owners = {shared: None, **{own_stream(shared, one): one for one in names}}
        for stream in self._owners.keys() - self._made:
            self._make(stream)
            self._made.add(stream)

    def _make(self, stream: str) -> None:
        try:
            self._app.redis.xgroup_create(stream, GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def _abandoned(self) -> list[_Taken]:
        found = (_Taken(stream, self._abandoned_on(stream)) for stream in self._owners)
        return [one for one in found if one.entries]

    def _abandoned_on(self, stream: str) -> Entries:
        answer = self._app.redis.xautoclaim(
            stream, GROUP, self._app.owner, min_idle_time=self._abandoned_ms, count=BATCH
        )
        return cast("Entries", answer[1])

    def _new(self) -> list[_Taken]:
        answer = self._app.redis.xreadgroup(
            GROUP,
            self._app.owner,
            dict.fromkeys(self._owners, ">"),
            count=BATCH,
            block=self._block_ms,
        )
        streams = cast("Sequence[tuple[bytes, Entries]]", answer)
        return [_Taken(name.decode(), entries) for name, entries in streams or ()]

    def _take(self, taken: Sequence[_Taken]) -> int:
        """Record the batch, then acknowledge it and take it off its streams.

        What is recorded stands sealed in the ledger; its secrets need not stay here in clear.
        """
        if not taken:
            return 0
        claimed = [one for each in taken for one in self._read(each)]
        record(self._app, "stream", admit_senders(self._app, claimed))
        with self._app.redis.pipeline() as both:
            for each in taken:
                names = [entry for entry, _ in each.entries]
                both.xack(each.stream, GROUP, *names)
                both.xdel(each.stream, *names)
            both.execute()
        return sum(len(each.entries) for each in taken)

    def _read(self, taken: _Taken) -> list[tuple[Claim, Parsed]]:
        owner, limit = self._owners[taken.stream], self._app.limits.message_bytes
        return [
            (claim(entry, fields, item, owner), item)
            for entry, fields in taken.entries
            if fields is not None
            for item in parse_event(fields.get(b"event", b""), limit=limit)
        ]
