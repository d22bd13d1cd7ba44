"""Hints on Redis: a list for each queue. Never keeps one that was fetched.

Redis keys: `toritsugi:hints:<queue>`, a list of dramatiq messages, oldest first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import redis
from typing_extensions import override

from workers.broker import BrokerAway, HintBroker, HintSource

NAMESPACE = "toritsugi:hints"


class RedisHintBroker(HintBroker):
    """`RPUSH` to hint, a blocking `BLPOP` to fetch."""

    def __init__(self, client: redis.Redis, *, concurrency: int, idle_s: float = 1.0) -> None:
        super().__init__(concurrency=concurrency, idle_s=idle_s)
        self.client = client

    @override
    def carry(self, queue: str, hints: Sequence[bytes]) -> None:
        with _told_away():
            self.client.rpush(self.key(queue), *hints)

    @override
    def depth(self, queue: str) -> int:
        with _told_away():
            return int(self.client.llen(self.key(queue)))

    @override
    def source(self, queue: str) -> HintSource:
        return _List(self.client, self.key(queue))

    def key(self, queue: str) -> str:
        return f"{NAMESPACE}:{queue}"

    @override
    def close(self) -> None:
        self.client.close()


class _List:
    """The hints of one queue."""

    def __init__(self, client: redis.Redis, key: str) -> None:
        self._client = client
        self._key = key

    def fetch(self, wait_s: float) -> bytes | None:
        with _told_away():
            found = self._client.blpop([self._key], timeout=wait_s)
        return None if found is None else cast("bytes", found[1])

    def rest(self) -> None:
        """Nothing to do: the client opens a connection anew when it needs one."""

    def give_back(self, hints: Sequence[bytes]) -> None:
        with _told_away():
            self._client.lpush(self._key, *hints)

    def close(self) -> None:
        """Leave the client to the broker."""


@contextmanager
def _told_away() -> Iterator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise BrokerAway(type(error).__name__) from error
