"""CloudEvents in binary mode: attributes in `ce-` headers, data as the body.

Read as if it had come in structured mode, so that what is kept is whole.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from urllib.parse import unquote

import orjson

from adapters.inbound.event import parse_event
from contracts.cloud_event import sender_key
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from contracts.strict_json import parse

PREFIX = "ce-"
MARK = "ce-specversion"


def parse_binary(headers: Mapping[str, str], raw: bytes, limit: int) -> Parsed:
    """Read the event; the bytes that stand for it are its structured form where data is JSON."""
    attributes = {
        name.removeprefix(PREFIX): _text(value)
        for name, value in headers.items()
        if name.startswith(PREFIX)
    }
    try:
        parse(raw, limit)
    except Malformed as fault:
        known = Malformed(fault.code, fault.faults, **sender_key(_keyed(attributes)))
        return Parsed(raw, known)
    envelope = orjson.dumps({**attributes, "datacontenttype": "application/json"})
    whole = envelope[:-1] + b',"data":' + raw.removeprefix(b"\xef\xbb\xbf") + b"}"
    (item,) = parse_event(whole, limit=len(whole))
    return item


def _keyed(attributes: Mapping[str, str]) -> Mapping[str, str]:
    return {name: attributes[name] for name in ("source", "id") if name in attributes}


def _text(value: str) -> str:
    """Undo percent-encoding, and what a server made of bytes that are UTF-8."""
    with contextlib.suppress(UnicodeError):
        value = value.encode("latin-1").decode()
    return unquote(value.removeprefix('"').removesuffix('"'), errors="replace")
