"""Listens on the Redis stream of requests: a batch is recorded, then acknowledged.

Entries of a listener that died are claimed after a while. A stream or group that is gone (a flushed
Redis) is made anew. Never acknowledges what is not committed.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import cast

import redis
import structlog

from adapters.inbound.event import parse_event
from contracts.incoming import Parsed
from ledger.store import DatabaseError
from workers.app import App
from workers.record import record

log = structlog.get_logger()

GROUP = "toritsugi"
BATCH = 100
BLOCK_MS = 1_000
Entries = Sequence[tuple[bytes, Mapping[bytes, bytes] | None]]


class StreamListener:
    """One consumer of the group, named after its process."""

    def __init__(
        self, app: App, *, abandoned_after_s: float = 15.0, block_ms: int = BLOCK_MS
    ) -> None:
        self._app = app
        self._block_ms = block_ms
        self._opened = False
        self._abandoned_ms = round(abandoned_after_s * 1000)

    def run(self, stopping: threading.Event) -> None:
        """Listen until told to stop; a server that is away is asked again each second."""
        while not stopping.is_set():
            if not self.round():
                stopping.wait(1)

    def round(self) -> bool:
        """Make the group if it is not there, and listen once; False when a server is away."""
        try:
            if not self._opened:
                self.open()
            self.once()
        except (redis.RedisError, DatabaseError) as error:
            flushed = "NOGROUP" in str(error)
            self._opened = self._opened and not flushed
            log.warning("intake.away", error=type(error).__name__, flushed=flushed)
            return flushed
        return True

    def once(self) -> int:
        """Take over what a dead listener left, then what is new; give how many were recorded."""
        return self._take(self._abandoned()) + self._take(self._new())

    def open(self) -> None:
        """Make the stream and its group unless they are there."""
        try:
            self._app.redis.xgroup_create(self._app.requests_stream, GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise
        self._opened = True

    def _abandoned(self) -> Entries:
        answer = self._app.redis.xautoclaim(
            self._app.requests_stream,
            GROUP,
            self._app.owner,
            min_idle_time=self._abandoned_ms,
            count=BATCH,
        )
        return cast("Entries", answer[1])

    def _new(self) -> Entries:
        answer = self._app.redis.xreadgroup(
            GROUP,
            self._app.owner,
            {self._app.requests_stream: ">"},
            count=BATCH,
            block=self._block_ms,
        )
        streams = cast("Sequence[tuple[bytes, Entries]]", answer)
        return streams[0][1] if streams else []

    def _take(self, entries: Entries) -> int:
        """Record the batch, then acknowledge it and take it off the stream.

        What is recorded stands sealed in the ledger; its secrets need not stay here in clear.
        """
        if not entries:
            return 0
        read = (self._parse(fields) for _, fields in entries if fields is not None)
        batch = [item for items in read for item in items]
        record(self._app, "stream", batch)
        names = [entry for entry, _ in entries]
        with self._app.redis.pipeline() as both:
            both.xack(self._app.requests_stream, GROUP, *names)
            both.xdel(self._app.requests_stream, *names)
            both.execute()
        return len(names)

    def _parse(self, fields: Mapping[bytes, bytes]) -> list[Parsed]:
        return parse_event(fields.get(b"event", b""), limit=self._app.limits.message_bytes)
