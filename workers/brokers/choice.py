"""Which server carries hints: RabbitMQ where there is one, else Redis. Calls neither."""

from __future__ import annotations

import redis

from adapters.rabbit.place import Place
from workers.broker import HintBroker
from workers.brokers.redis import RedisHintBroker

HINT_S = 3
"""A server that hangs must not hold up the answer to a sender whose request is stored."""


def hint_broker(place: Place | None, redis_url: str, concurrency: int) -> HintBroker:
    """Give the broker; `place` is where RabbitMQ is."""
    if place is not None:
        from workers.brokers.rabbit import RabbitHintBroker  # noqa: PLC0415  (rarely used)

        return RabbitHintBroker(place, concurrency=concurrency)
    client = redis.Redis.from_url(redis_url, socket_timeout=HINT_S, max_connections=1024)
    return RedisHintBroker(client, concurrency=concurrency)
