"""One CloudEvent as JSON, as it stands on the stream, in the queue or in a request's body."""

from __future__ import annotations

from contracts.codec import MEBIBYTE, decode
from contracts.incoming import Parsed
from contracts.malformed import Malformed


def parse_event(raw: bytes, name: str = "", *, limit: int = MEBIBYTE) -> list[Parsed]:
    """Give one item; `name` is not needed, an event has its own source."""
    del name
    try:
        return [Parsed(raw, decode(raw, limit=limit))]
    except Malformed as fault:
        return [Parsed(raw, fault)]
