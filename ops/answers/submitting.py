"""Requests from files: a receipt for each, and every unreadable one with its place.

Nothing is submitted unless every file can be opened and read by its suffix.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from typing_extensions import override

from adapters.inbound.files import read_file
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ops import actions
from ops.opening import opened
from ops.output import console, line, tell_json
from ops.problem import FAILED, bad_input
from ops.reading import read_bytes
from workers.record import Receipt


@dataclass(frozen=True, slots=True)
class Handed:
    """One request of a file, and what became of it."""

    file: str
    receipt: Receipt

    def as_dict(self) -> dict[str, Any]:
        receipt = self.receipt
        found = {
            "file": self.file,
            "verdict": receipt.verdict,
            "request": receipt.request,
            "state": receipt.state,
        }
        if receipt.fault is None:
            return found
        fault = {
            "code": receipt.fault.code,
            "place": receipt.fault.place,
            "message": receipt.fault.message,
        }
        return {**found, "quarantine": receipt.quarantine, "error": fault}

    @override
    def __str__(self) -> str:
        receipt = self.receipt
        if receipt.fault is None:
            return f"{self.file}: {receipt.request} {receipt.verdict}, {receipt.state}"
        return (
            f"{self.file}: {receipt.verdict}, kept as {receipt.quarantine}: {receipt.fault.message}"
        )


def submit(paths: Sequence[Path], *, as_json: bool) -> int:
    """Submit the files' requests; 0 only if every one was accepted."""
    read = [(path.name, item) for path in paths for item in _items(path)]
    handed = list(_submit(read, as_json=as_json))
    if as_json:
        tell_json({"items": [one.as_dict() for one in handed], "next": None})
    accepted = sum(one.receipt.accepted for one in handed)
    if not as_json:
        again = sum(one.receipt.verdict == "repeat" for one in handed)
        words = f"{accepted} of {len(handed)} stored" + (
            f", {again} of them before" if again else ""
        )
        console().print(line(words))
    return 0 if accepted == len(handed) else FAILED


def _items(path: Path) -> list[Parsed]:
    data = read_bytes(path)
    try:
        return read_file(path.name, data)
    except Malformed as fault:
        raise bad_input(f"{path}: {fault.faults[0].message}") from None


def _submit(read: Sequence[tuple[str, Parsed]], *, as_json: bool) -> Iterator[Handed]:
    names = iter(name for name, _ in read)
    with opened("submit", makes=True) as app, _progress(len(read)) as progress:
        task = progress.add_task("submitting", total=len(read))
        for receipts in actions.submit(app, [item for _, item in read]):
            for receipt in receipts:
                handed = Handed(next(names), receipt)
                if not as_json:
                    console().print(line(handed), soft_wrap=True)
                yield handed
            progress.advance(task, len(receipts))


@contextmanager
def _progress(total: int) -> Iterator[Progress]:
    """Show a bar on standard error while there is more than a moment's work, for people only."""
    with Progress(
        console=Console(file=sys.stderr), transient=True, disable=total == 0 or not _watched()
    ) as progress:
        yield progress


def _watched() -> bool:
    return sys.stderr.isatty()
