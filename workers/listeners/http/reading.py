"""What was posted, as far as it can be read. Stores nothing."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.requests import ClientDisconnect

from adapters.inbound.event import parse_event
from contracts.codec import bare, parse_batch
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ledger.senders import Sender
from workers.listeners.http.binary import MARK, parse_binary
from workers.listeners.http.formats import BATCH, DATA, EVENT, SOURCE
from workers.listeners.http.problems import CLOSE, Refusal


async def body(request: Request, most: int, within_s: float) -> bytes:
    """Read the body; raise `Refusal` when it is larger than anything worth keeping, or late."""
    if _told(request) > most:
        raise _too_large()
    found = bytearray()
    try:
        async with asyncio.timeout(within_s):
            async for chunk in request.stream():
                found += chunk
                if len(found) > most:
                    raise _too_large()
    except TimeoutError:
        words = f"the body did not arrive within {within_s:g} s; nothing is stored, send it again"
        raise Refusal(408, "too_slow", words, CLOSE) from None
    except ClientDisconnect:
        raise Refusal(400, "cut_off", "the body ended early; nothing is stored", CLOSE) from None
    return bytes(found)


def _told(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0  # noqa: PLR2004  (more is no number of bytes)


def _too_large() -> Refusal:
    words = "far too large, and not kept; send attachments by their address"
    return Refusal(413, "too_large", words, CLOSE)


def content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def read(request: Request, raw: bytes, limit: int, sender: Sender | None) -> list[Parsed]:
    """Read what was posted, of this sender or of nobody known; raise `Refusal`."""
    kind = content_type(request)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "unknown_encoding", "send the body as it is, without Content-Encoding")
    if kind == BATCH:
        return parse_batch(raw, limit=limit)
    if kind == EVENT:
        return parse_event(raw, limit=limit)
    if kind != DATA:
        raise Refusal(415, "unknown_format", f"send {EVENT}, {BATCH} or {DATA}")
    if MARK in request.headers:
        return [parse_binary(request.headers, raw, limit)]
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        words = "bare data needs an Idempotency-Key header: your own number of this request"
        raise Refusal(400, "no_key", words)
    return [_bare(raw, SOURCE if sender is None else sender.source, key, limit)]


def _bare(raw: bytes, source: str, key: str, limit: int) -> Parsed:
    try:
        return Parsed(raw, bare(raw, source, key, limit=limit))
    except Malformed as fault:
        return Parsed(raw, fault)
