"""Files by suffix: the table of formats that `toritsugi submit` takes. Reads no disk itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import MappingProxyType

from adapters.inbound.csv_file import parse_csv
from adapters.inbound.json_file import parse_json
from adapters.inbound.jsonl import parse_jsonl
from adapters.inbound.mail import parse_mail
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed

FORMATS: Mapping[str, Callable[[bytes, str], list[Parsed]]] = MappingProxyType(
    {".json": parse_json, ".jsonl": parse_jsonl, ".csv": parse_csv, ".eml": parse_mail}
)


def read_file(name: str, data: bytes) -> list[Parsed]:
    """Raise Malformed `unknown_format` for a suffix that is not in the table."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in FORMATS:
        words = f"has a suffix that is not read; give one of {', '.join(FORMATS)}"
        raise Malformed("unknown_format", Fault(PurePath(name).name, words))
    return FORMATS[suffix](data, name)
