"""Reads back what a Redis stream of events still holds, newest first. Takes nothing off it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from redis import Redis

from adapters.outbound.stream import FIELD

PAGE = 500


def past_events(redis_client: Redis, name: str) -> Iterator[bytes]:
    """Give the bodies of the events, newest first. Raises what the client raises."""
    last = "+"
    while page := _page(redis_client, name, last):
        for _, fields in page:
            if (body := fields.get(FIELD.encode())) is not None:
                yield body
        last = f"({page[-1][0].decode()}"


def _page(redis_client: Redis, name: str, last: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
    answer = redis_client.xrevrange(name, max=last, count=PAGE)
    return cast("list[tuple[bytes, dict[bytes, bytes]]]", answer)
