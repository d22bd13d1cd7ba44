"""The sample requests of a folder: what is sent which way, and what is expected to come of it.

    directory.yaml   who may file            http/*.json     posted: an event, a batch, or bare data
    faults.yaml      for simulated portals   stream/*.json   added to the stream of requests
    expected.csv     source,id,state,code    files/*         as `toritsugi submit` takes them

Reads them as their ways in do, so that each is known by the number it will get. Knows none of them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from adapters.inbound.event import parse_event
from adapters.inbound.files import FORMATS, read_file
from adapters.inbound.json_value import is_envelope
from contracts.codec import bare, parse_batch
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Malformed
from ledger.quarantine import Unreadable
from ops.problem import bad_input
from ops.reading import read_bytes
from workers.listeners.http import formats

UNREADABLE = "unreadable"
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """One request, as its way in reads it."""

    way: str
    item: Parsed

    @property
    def number(self) -> str:
        """The ledger's number of the request, or the quarantine's if it is unreadable."""
        found = self.item.outcome
        if isinstance(found, Incoming):
            return found.request_id()
        raw = self.item.raw
        return Unreadable(
            channel=self.way,
            raw=raw,
            code=found.code,
            message=found.message,
            source=found.source,
            sender_id=found.sender_id,
        ).id

    @property
    def key(self) -> Key:
        found = self.item.outcome
        if isinstance(found, Incoming):
            return found.source, found.id
        return found.source or "", found.sender_id or ""

    @property
    def id(self) -> str:
        return self.key[1]

    @property
    def product(self) -> str:
        found = self.item.outcome
        if isinstance(found, Incoming):
            return found.request.product or found.request.kind
        return UNREADABLE


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file, sent in one piece."""

    way: str
    name: str
    raw: bytes
    content_type: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """Where a request is to end."""

    state: str
    code: str


@dataclass(frozen=True, slots=True)
class Samples:
    """Everything a folder holds."""

    directory: Path
    faults: Path | None
    deliveries: tuple[Delivery, ...]
    expected: dict[Key, Expected] | None
    """None when the folder does not say."""

    @property
    def all(self) -> list[Sample]:
        return [sample for delivery in self.deliveries for sample in delivery.samples]


def read_samples(folder: Path) -> Samples:
    """Raise `Problem` for a folder that lacks what is needed."""
    directory, faults, expected = (
        folder / name for name in ("directory.yaml", "faults.yaml", "expected.csv")
    )
    if not directory.is_file():
        raise bad_input(f"{folder} is no folder of samples: it has no directory.yaml")
    return Samples(
        directory=directory,
        faults=faults if faults.is_file() else None,
        deliveries=tuple(_deliveries(folder)),
        expected=_expected(expected) if expected.is_file() else None,
    )


def _expected(path: Path) -> dict[Key, Expected]:
    lines = read_bytes(path).decode("utf-8-sig").splitlines()
    return {
        (row["source"], row["id"]): Expected(row["state"], row["code"])
        for row in csv.DictReader(lines)
    }


def _deliveries(folder: Path) -> Iterator[Delivery]:
    reads: dict[str, Callable[[Path, bytes], tuple[str, Sequence[Parsed]]]] = {
        "http": _http,
        "stream": lambda _path, raw: (formats.EVENT, parse_event(raw)),
        "files": lambda path, raw: ("", read_file(path.name, raw)),
    }
    for place, read in reads.items():
        way = place.removesuffix("s")
        for path in sorted((folder / place).glob("*")):
            if path.suffix in FORMATS:
                raw = read_bytes(path)
                content_type, items = read(path, raw)
                samples = tuple(Sample(way, item) for item in items)
                yield Delivery(way, path.name, raw, content_type, samples)


def _http(path: Path, raw: bytes) -> tuple[str, Sequence[Parsed]]:
    """Say how the body is posted; bare data gets its file's name as Idempotency-Key."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return formats.EVENT, parse_event(raw)
    if isinstance(value, list):
        return formats.BATCH, parse_batch(raw)
    if not isinstance(value, dict) or is_envelope(value):
        return formats.EVENT, parse_event(raw)
    try:
        return formats.DATA, [Parsed(raw, bare(raw, formats.SOURCE, path.stem))]
    except Malformed as fault:
        return formats.DATA, [Parsed(raw, fault)]
