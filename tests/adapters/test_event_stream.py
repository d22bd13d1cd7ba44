"""Events reach the Redis stream whole and in order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis

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


def test_nothing(server: Redis) -> None:
    """An empty batch adds nothing and makes no stream."""
    EventStream(server, "toritsugi:events").publish([])
    assert server.exists("toritsugi:events") == 0


def test_maxlen(server: Redis) -> None:
    """A stream with a length is trimmed from its old end, about."""
    EventStream(server, "short", maxlen=10).publish([b"%d" % number for number in range(1000)])
    assert server.xlen("short") < 1000
    newest = [fields for _, fields in server.xrevrange("short", count=1) or ()]
    assert newest == [{b"event": b"999"}]
    EventStream(server, "long").publish([b"%d" % number for number in range(1000)])
    assert server.xlen("long") == 1000
