"""What was posted, as far as it can be read. Stores nothing."""

from __future__ import annotations

from fastapi import Request, Response

from adapters.inbound.event import parse_event
from contracts.codec import bare, parse_batch
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from workers.listeners.http.formats import BATCH, DATA, EVENT, SOURCE
from workers.listeners.http.problems import problem


async def body(request: Request, most: int) -> bytes | None:
    """Read the body; None when it is larger than anything worth keeping."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)


def content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def read(request: Request, raw: bytes, limit: int) -> list[Parsed] | Response:
    kind = content_type(request)
    if kind == BATCH:
        return parse_batch(raw, limit=limit)
    if kind == EVENT:
        return parse_event(raw, limit=limit)
    if kind != DATA:
        return problem(415, "unknown_format", f"send {EVENT}, {BATCH} or {DATA}")
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        words = "bare data needs an Idempotency-Key header: your own number of this request"
        return problem(400, "no_key", words)
    return [_bare(raw, key, limit)]


def _bare(raw: bytes, key: str, limit: int) -> Parsed:
    try:
        return Parsed(raw, bare(raw, SOURCE, key, limit=limit))
    except Malformed as fault:
        return Parsed(raw, fault)
