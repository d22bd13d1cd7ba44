"""What is wrong with a directory file: every fault with its line, its place and what to do.

Never holds a value of the file: it may be an Access ID.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from typing_extensions import override

Path = tuple[int | str, ...]


class Mark(NamedTuple):
    """A position in the file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class LineFault:
    """One fault; `place` is empty where the text is no YAML at all."""

    line: int
    column: int
    place: str
    message: str

    @override
    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}"
        return (
            f"{where}: {self.place}: {self.message}" if self.place else f"{where}: {self.message}"
        )


class DirectoryFault(Exception):
    """A directory file that cannot be taken; `faults` are in the order of its lines."""

    def __init__(self, faults: Iterable[LineFault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))
