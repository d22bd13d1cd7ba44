"""Bytes to support requests: one event, a batch of events, or `data` alone.

Never changes what was sent (`Incoming.data`), and whatever it refuses, its neighbours pass.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from contracts.cloud_event import read_event, traceparent_of
from contracts.faults import faults_of
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Fault, Malformed
from contracts.request import REQUEST_TYPE, SupportRequest
from contracts.strict_json import parse

MEBIBYTE = 1_048_576
MOST_EVENTS = 10_000
"""Of a batch: it is stored in one piece, while others wait."""


def decode(raw: bytes, *, limit: int = MEBIBYTE) -> Incoming:
    """Read one CloudEvent; raise Malformed."""
    return from_envelope(parse(raw, limit))


def decode_batch(raw: bytes, *, limit: int = MEBIBYTE) -> list[Incoming | Malformed]:
    """Events of a batch in order; one Malformed if the batch itself cannot be read."""
    return [parsed.outcome for parsed in parse_batch(raw, limit=limit)]


def parse_batch(raw: bytes, *, limit: int = MEBIBYTE) -> list[Parsed]:
    """As `decode_batch`, each item with the bytes that stand for it."""
    try:
        events = parse(raw, limit)
    except Malformed as fault:
        return [Parsed(raw, fault)]
    if isinstance(events, list) and len(events) > MOST_EVENTS:
        words = f"has {len(events):,} events; at most {MOST_EVENTS:,} are taken: send several"
        return [Parsed(raw, Malformed("too_large", Fault("", words)))]
    if isinstance(events, list):
        return [_parsed(event, at) for at, event in enumerate(events)]
    words = "must be a JSON list of CloudEvents; put brackets around the event"
    return [Parsed(raw, Malformed("not_an_event", Fault("", words)))]


def bare(raw: bytes, source: str, sender_id: str, *, limit: int = MEBIBYTE) -> Incoming:
    """Read `data` alone, under a key that came another way; raise Malformed."""
    try:
        return from_data(parse(raw, limit), source, sender_id)
    except Malformed as fault:
        raise fault.known_as(source, sender_id) from None


def from_envelope(envelope: object) -> Incoming:
    """Read a CloudEvent that is already parsed; raise Malformed."""
    event = read_event(envelope)
    source, sender_id = event.get_source(), event.get_id()
    if event.get_type() != REQUEST_TYPE:
        message = f"is a type that is not known here; send {REQUEST_TYPE}"
        raise Malformed("unknown_type", Fault("type", message), source=source, sender_id=sender_id)
    data = _object(event.get_data(), source, sender_id)
    return Incoming(
        source=source,
        id=sender_id,
        request=read_request(data, source, sender_id),
        data=data,
        subject=event.get_subject(),
        time=event.get_time(),
        traceparent=traceparent_of(event),
    )


def from_data(data: object, source: str, sender_id: str) -> Incoming:
    """Read bare data that is already parsed; raise Malformed."""
    envelope = {"specversion": "1.0", "id": sender_id, "source": source, "type": REQUEST_TYPE}
    return from_envelope({**envelope, "data": data})


def read_request(data: dict[str, Any], source: str, sender_id: str) -> SupportRequest:
    """Raise Malformed `invalid_data` with every fault."""
    try:
        return SupportRequest.model_validate(data)
    except ValidationError as error:
        faults = faults_of(error, "data")
        raise Malformed("invalid_data", faults, source=source, sender_id=sender_id) from None


def _object(data: object, source: str, sender_id: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        words = "is missing; add the request as an object" if data is None else "must be an object"
        raise Malformed("invalid_data", Fault("data", words), source=source, sender_id=sender_id)
    return data


def _parsed(event: object, at: int) -> Parsed:
    raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    try:
        return Parsed(raw, from_envelope(event))
    except Malformed as fault:
        return Parsed(raw, fault.moved(f"[{at}]"))
