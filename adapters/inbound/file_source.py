"""Where a file's requests come from, and their numbers where the sender gave none."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from contracts.ids import content_hash
from contracts.malformed import Fault, Malformed

FILE_LIMIT = 64 * 1_048_576


def file_source(name: str) -> str:
    """Name the file without its folder: the same file elsewhere is the same source."""
    return f"file:{quote(PurePath(name).name)}"


def content_key(data: dict[str, Any]) -> str:
    """Give a number that the same content always gets."""
    return f"sha256:{content_hash(data)}"


def check_size(raw: bytes, limit: int) -> None:
    if len(raw) > limit:
        words = f"has {len(raw):,} bytes; at most {limit:,} are taken: split the file"
        raise Malformed("too_large", Fault("", words))
