"""A JSON file: one event, a list of events, bare data, or a list of those."""

from __future__ import annotations

import json

from adapters.inbound.file_source import FILE_LIMIT
from adapters.inbound.json_value import read_value
from contracts.codec import MEBIBYTE
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed
from contracts.strict_json import parse


def parse_json(raw: bytes, name: str, *, limit: int = FILE_LIMIT) -> list[Parsed]:
    try:
        value = parse(raw, limit)
    except Malformed as fault:
        return [Parsed(raw, fault)]
    if isinstance(value, list):
        return [_parsed(_written(item), item, name, f"[{at}]") for at, item in enumerate(value)]
    return [_parsed(raw, value, name, "")]


def _written(item: object) -> bytes:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def _parsed(raw: bytes, value: object, name: str, place: str) -> Parsed:
    try:
        if len(raw) > MEBIBYTE:
            words = f"has {len(raw):,} bytes; at most {MEBIBYTE:,} are taken for one request"
            raise Malformed("too_large", Fault("", words))  # noqa: TRY301 (one place says where)
        return Parsed(raw, read_value(value, name))
    except Malformed as fault:
        return Parsed(raw, fault.moved(place) if place else fault)
