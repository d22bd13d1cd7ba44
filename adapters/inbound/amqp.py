"""A message of AMQP: a CloudEvent whole in its body, or `data` there and attributes in headers.

The second form has no name of its own in AMQP 0.9.1; headers are called as in the binding for 1.0,
`cloudEvents_id` or `cloudEvents:id`. Never raises for what it is given.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.inbound.event import parse_event
from contracts.codec import from_envelope
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from contracts.strict_json import parse

WHOLE = "application/cloudevents"
PREFIXES = ("cloudEvents_", "cloudEvents:")


def parse_delivery(
    body: bytes, content_type: str | None, headers: Mapping[str, object] | None, *, limit: int
) -> list[Parsed]:
    """Give one item; kept are the body, or with attributes beside it the event they make."""
    attributes = _attributes(headers or {})
    if not attributes or (content_type or "").strip().lower().startswith(WHOLE):
        return parse_event(body, limit=limit)
    return [_in_parts(body, attributes, limit)]


def _attributes(headers: Mapping[str, object]) -> dict[str, str]:
    return {
        name[len(prefix) :].lower(): _text(value)
        for name, value in headers.items()
        for prefix in PREFIXES
        if name.startswith(prefix)
    }


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _in_parts(body: bytes, attributes: Mapping[str, str], limit: int) -> Parsed:
    try:
        event = {**attributes, "data": parse(body, limit)}
    except Malformed as fault:
        source, own = attributes.get("source"), attributes.get("id")
        known = Malformed(fault.code, fault.faults, source=source, sender_id=own)
        return Parsed(_whole({**attributes, "data_base64": base64.b64encode(body).decode()}), known)
    try:
        return Parsed(_whole(event), from_envelope(event))
    except Malformed as fault:
        return Parsed(_whole(event), fault)


def _whole(event: Mapping[str, Any]) -> bytes:
    # The library that is quicker refuses whole numbers of more than 64 bits.
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
