"""A file of JSON lines, each an event or the bare data of a request; blank lines do not count."""

from __future__ import annotations

from adapters.inbound.file_source import FILE_LIMIT, check_size
from adapters.inbound.json_value import read_value
from contracts.codec import MEBIBYTE
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from contracts.strict_json import parse


def parse_jsonl(raw: bytes, name: str, *, limit: int = FILE_LIMIT) -> list[Parsed]:
    try:
        check_size(raw, limit)
    except Malformed as fault:
        return [Parsed(raw, fault)]
    lines = enumerate(raw.split(b"\n"), start=1)
    return [_parsed(line.strip(), number, name) for number, line in lines if line.strip()]


def _parsed(raw: bytes, number: int, name: str) -> Parsed:
    try:
        return Parsed(raw, read_value(parse(raw, MEBIBYTE), name))
    except Malformed as fault:
        return Parsed(raw, fault.moved(f"line {number}"))
