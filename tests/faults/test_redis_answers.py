"""B4: Redis does what it was asked to, and its answer gets lost."""

from __future__ import annotations

from pathlib import Path

import redis
from dramatiq.errors import ConnectionClosed

from tests.faults.lives import lead
from tests.faults.proxy import How, before_redis
from tests.faults.world import World, samples
from workers.broker import BrokerAway

AWAY = (redis.RedisError, BrokerAway, ConnectionClosed)
LOST = {
    "enqueue": (b"RPUSH", b":"),
    "fetch": (b"BLPOP", b"assess"),
    "read": (b"XREADGROUP", b"event"),
    "acknowledge": (b"XACK", b"*"),
    "publish": (b"XADD", b"-"),
}
"""What is asked, and what is in the answer that says that it was done."""


def test_answers_of_redis_are_lost(world: World, tmp_path: Path) -> None:
    """B4: it was done and looks as if it were not; it is done again, and nothing is doubled."""
    with (
        before_redis(world.redis_url, tmp_path) as (proxy, url),
        world.app(redis_url=url) as app,
    ):
        for what, (request, reply) in LOST.items():
            world.send(what, samples()["plain"])
            with proxy.fault(How.SWALLOW, request, reply=reply):
                lead(app, world, away=AWAY)

    assert world.states() == dict.fromkeys(LOST, "submitted")
    assert world.broken() == []
