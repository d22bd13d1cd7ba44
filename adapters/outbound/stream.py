"""Puts events on a Redis stream, a batch in one round trip. Never decides what an event says.

A batch is added whole or not at all: were a part refused, by a server that is full for a moment,
what comes behind it would stand before it. A batch whose answer was lost is published again by the
caller, and readers know repeats by the events' ids.
"""

from __future__ import annotations

from collections.abc import Sequence

from redis import Redis

FIELD = "event"


class EventStream:
    """One stream; `maxlen` trims it, about, from its old end."""

    def __init__(self, redis_client: Redis, name: str, maxlen: int | None = None) -> None:
        self._redis = redis_client
        self._name = name
        self._maxlen = maxlen

    def publish(self, batch: Sequence[bytes]) -> None:
        """Add each event in order; returns when the server has answered for all of them."""
        if not batch:
            return
        with self._redis.pipeline(transaction=True) as pipeline:
            for event in batch:
                pipeline.xadd(self._name, {FIELD: event}, maxlen=self._maxlen, approximate=True)
            pipeline.execute()
