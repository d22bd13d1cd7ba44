"""Reads the stream of events as any receiver does: entry by entry, from where it stopped."""

from __future__ import annotations

from typing import cast

import redis

Entry = tuple[str, bytes]
"""An entry's id on the stream, which begins with the server's milliseconds, and the event."""


def read(server: redis.Redis, stream: str, after: str, *, most: int, block_ms: int) -> list[Entry]:
    """Wait for entries behind `after` (`0`: from the beginning); give at most so many."""
    answer = server.xread({stream: after}, count=most, block=block_ms)
    streams = cast("list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]] | None", answer)
    entries = streams[0][1] if streams else []
    return [(entry.decode(), fields[b"event"]) for entry, fields in entries]
