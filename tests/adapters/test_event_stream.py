"""Events reach the Redis stream whole and in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from redis import Redis, RedisError

from adapters.outbound.stream import EventStream


@pytest.fixture
def server(redis_url: str) -> Iterator[Redis]:
    """Connect to a server of our own."""
    with Redis.from_url(redis_url) as client:
        yield client


def test_publish(server: Redis) -> None:
    """A batch is added in order, each event as it is in one field."""
    stream = EventStream(server, "toritsugi:events")
    stream.publish([b'{"n": 1}', '{"n": "二"}'.encode()])
    stream.publish([b"\x00\xff"])
    fields = [fields for _, fields in server.xrange("toritsugi:events") or ()]
    assert fields == [
        {b"event": b'{"n": 1}'},
        {b"event": '{"n": "二"}'.encode()},
        {b"event": b"\x00\xff"},
    ]


def test_a_full_server_changes_no_order(server: Redis, redis_url: str) -> None:
    """Though the server is full and not full in turn, no event comes first after a later one."""
    stream, batch = EventStream(server, "toritsugi:events"), [b"%03d" % one for one in range(500)]
    over = threading.Event()
    filling = threading.Thread(target=_fill_now_and_then, args=(redis_url, over))
    filling.start()
    try:
        for _ in range(20):
            server.delete("toritsugi:events")
            while not _published(stream, batch):
                pass
            bodies = [fields for _, fields in server.xrange("toritsugi:events") or () if fields]
            assert list(dict.fromkeys(one[b"event"] for one in bodies)) == batch
    finally:
        over.set()
        filling.join()


def _fill_now_and_then(url: str, over: threading.Event) -> None:
    """Let the server have no memory and memory in turn, as fast as it goes."""
    with Redis.from_url(url) as other:
        while not over.is_set():
            other.config_set("maxmemory", 1)
            other.config_set("maxmemory", 0)


def _published(stream: EventStream, batch: list[bytes]) -> bool:
    try:
        stream.publish(batch)
    except RedisError:
        return False
    return True


def test_nothing(server: Redis) -> None:
    """An empty batch adds nothing and makes no stream."""
    EventStream(server, "toritsugi:events").publish([])
    assert server.exists("toritsugi:events") == 0
