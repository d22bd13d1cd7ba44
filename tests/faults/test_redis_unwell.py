"""B3: Redis answers, and refuses to do its work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis

from tests.driving import parsed
from tests.faults.loops import loops
from tests.faults.processes import until
from tests.faults.proxy import How, Proxy, before_redis
from tests.faults.world import World, samples
from workers.record import record

ENOUGH = 5
FOREVER = 1_000_000
PAUSE_MS = 700
Trouble = Callable[[redis.Redis, Proxy], Iterator[None]]


def answering(words: bytes) -> Trouble:
    """Give a server that says nothing else."""

    def trouble(_: redis.Redis, proxy: Proxy) -> Iterator[None]:
        with proxy.fault(How.ANSWER, answer=words, times=FOREVER) as fault:
            yield
            until(lambda: fault.struck >= ENOUGH, f"{words!r} went unnoticed")

    return trouble


def mute(_: redis.Redis, proxy: Proxy) -> Iterator[None]:
    """Let everyone run into the time limit of the socket."""
    with proxy.fault(How.HOLD, times=FOREVER) as fault:
        yield
        until(lambda: fault.struck >= ENOUGH, "nobody waited for an answer")


def read_only(client: redis.Redis, _: Proxy) -> Iterator[None]:
    """Make the server somebody's replica, as after a failover."""
    client.replicaof("127.0.0.1", "1")
    try:
        yield
        until(lambda: refused(client, "READONLY") >= ENOUGH, "nobody was refused")
    finally:
        client.replicaof("NO", "ONE")


def out_of_memory(client: redis.Redis, _: Proxy) -> Iterator[None]:
    """Leave the server no room for anything new."""
    client.config_set("maxmemory", 1)
    try:
        yield
        until(lambda: refused(client, "OOM") >= ENOUGH, "nobody was refused")
    finally:
        client.config_set("maxmemory", 0)


def paused(client: redis.Redis, _: Proxy) -> Iterator[None]:
    """Have the server keep everyone waiting, us too."""
    client.client_pause(PAUSE_MS)
    began = time.monotonic()
    yield
    client.ping()
    assert time.monotonic() - began > PAUSE_MS / 2000


def refused(client: redis.Redis, code: str) -> int:
    """Give how often the server has answered with this error."""
    found: dict[str, Any] = client.info("errorstats").get(f"errorstat_{code}", {"count": 0})
    return int(found["count"])


TROUBLES: dict[str, Trouble] = {
    "loading": answering(b"-LOADING Redis is loading the dataset in memory\r\n"),
    "no script": answering(b"-NOSCRIPT No matching script.\r\n"),
    "read only": read_only,
    "out of memory": out_of_memory,
    "time-out": mute,
    "paused": paused,
}


def test_redis_refuses_to_work(world: World, tmp_path: Path) -> None:
    """B3: what comes in meanwhile is done as soon as it works again, and no loop has ended."""
    with (
        before_redis(world.redis_url, tmp_path) as (proxy, url),
        redis.Redis.from_url(world.redis_url) as client,
        loops(world, redis_url=f"{url}?socket_timeout=0.3"),
        world.app(redis_url=f"{url}?socket_timeout=0.3") as door,
    ):
        for name, trouble in TROUBLES.items():
            world.send(f"{name}, before", samples()["plain"])
            with contextmanager(trouble)(client, proxy):
                record(door, "test", parsed(samples()["plain"], f"{name}, meanwhile"))
            world.send(f"{name}, after", samples()["plain"])
            until(lambda: set(world.states().values()) == {"submitted"}, f"not done after {name}")
        assert len(world.states()) == 3 * len(TROUBLES)
        until(lambda: world.broken() == [], "an invariant does not hold")
