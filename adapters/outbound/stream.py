"""Puts events on a Redis stream, a batch in one round trip. Never decides what an event says.

A batch is added whole or not at all: were a part refused, by a server that is full for a moment,
what comes behind it would stand before it. A batch whose answer was lost is published again by the
caller, and readers know repeats by the events' ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from redis import Redis

FIELD = "event"


class EventStream:
    """One stream."""

    def __init__(self, redis_client: Redis, name: str) -> None:
        self._redis = redis_client
        self._name = name

    def publish(self, batch: Sequence[bytes]) -> Collection[int]:
        """Add each event in order; give all places, once the server has answered for all."""
        if not batch:
            return ()
        with self._redis.pipeline(transaction=True) as pipeline:
            for event in batch:
                pipeline.xadd(self._name, {FIELD: event})
            pipeline.execute()
        return range(len(batch))
