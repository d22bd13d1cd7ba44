"""A message that is read once more, as the way reads that it came by. Stores nothing.

It may have been put right by hand since: what its sender said of itself before still holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from urllib.parse import unquote

from adapters.inbound.event import parse_event
from adapters.inbound.files import FORMATS
from adapters.inbound.json_value import is_envelope
from adapters.inbound.mail import parse_mail
from contracts.codec import bare, parse_batch
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from contracts.strict_json import parse

_FILE = "file:"
_JSON = re.compile(rb"\s*[{\[]")
_HEADER = re.compile(rb"[!-9;-~]+:[ \t]")
_NO_KEY = "urn:toritsugi:quarantine"


@dataclass(frozen=True, slots=True)
class Came:
    """The way a message came by, and its sender's key as far as that could be read."""

    channel: str
    id: str
    """Its number in quarantine: the key of what has no other."""
    source: str | None = None
    sender_id: str | None = None


def read_again(came: Came, raw: bytes, limit: int, name: str = "") -> list[Parsed]:
    """Read the bytes; `name` is of the file that they were put right in, if any."""
    return READERS.get(came.channel, _event)(came, raw, limit, name)


def is_mail(came: Came, raw: bytes, name: str = "") -> bool:
    """Whether the bytes are those of a mail, whose text may stand encoded in them."""
    return came.channel == "mail" or (came.channel == "file" and _suffix(came, raw, name) == ".eml")


def is_sheet(came: Came, raw: bytes, name: str = "") -> bool:
    """Whether the bytes are rows of a table."""
    return came.channel == "file" and _suffix(came, raw, name) == ".csv"


def _event(came: Came, raw: bytes, limit: int, name: str) -> list[Parsed]:
    del came
    return parse_event(raw, name, limit=limit)


def _posted(came: Came, raw: bytes, limit: int, name: str) -> list[Parsed]:
    """Read an event, a batch or bare data; which of them it was, only its header said."""
    try:
        value = parse(raw, limit)
    except Malformed as fault:
        return [Parsed(raw, fault)]
    if isinstance(value, list):
        return parse_batch(raw, limit=limit)
    if not isinstance(value, dict) or is_envelope(value):
        return parse_event(raw, name, limit=limit)
    try:
        key = (came.source or _NO_KEY, came.sender_id or came.id)
        return [Parsed(raw, bare(raw, *key, limit=limit))]
    except Malformed as fault:
        return [Parsed(raw, fault)]


def _file(came: Came, raw: bytes, limit: int, name: str) -> list[Parsed]:
    del limit  # each format has its own
    suffix = _suffix(came, raw, name)
    return FORMATS[suffix](raw, _original(came) or f"{came.id}{suffix}")


def _mail(came: Came, raw: bytes, limit: int, name: str) -> list[Parsed]:
    del came, limit
    return parse_mail(raw, name)


READERS: Mapping[str, Callable[[Came, bytes, int, str], list[Parsed]]] = MappingProxyType(
    {"http": _posted, "form": _posted, "amqp": _posted, "file": _file, "mail": _mail}
)
"""By channel; what is not in the table brings events."""


def _original(came: Came) -> str:
    """Give the name of the file that it came in, or nothing."""
    source = came.source or ""
    return unquote(source.removeprefix(_FILE)) if source.startswith(_FILE) else ""


def _suffix(came: Came, raw: bytes, name: str) -> str:
    """Give the format: as the file is called, was called, or else looks."""
    for known in (name, _original(came)):
        if (suffix := PurePath(known).suffix.lower()) in FORMATS:
            return ".json" if suffix == ".jsonl" and _JSON.match(raw) else suffix
    if _JSON.match(raw):
        return ".json"
    return ".eml" if _HEADER.match(raw) else ".csv"
