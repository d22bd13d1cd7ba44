"""What is said of a message that cannot be read: every fault with its place and what to do.

Never holds a value of the message, so it may be logged, shown and published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from typing_extensions import override

MalformedCode = Literal[
    "not_json",
    "too_large",
    "not_an_event",
    "unknown_type",
    "invalid_data",
    "unknown_format",
    "id_reused",
    "unstorable",
    "unknown_request",
    "not_incomplete",
    "unauthorised",
    "foreign_source",
    "foreign_partner",
    "unknown_sender",
    "not_authentic",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, and where: `data.severity`, `data.contact.cc[1]`, `line 3, column 5`."""

    place: str
    message: str

    @override
    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


_NEXT = re.compile(r"; (?=data\.[\w.\[\]]+: )")


def data_faults(message: str) -> list[Fault]:
    """Give the faults in `data` back that a `Malformed.message` tells of."""
    parts = (part.partition(": ") for part in _NEXT.split(message))
    return [Fault(place, words) for place, _, words in parts if place.startswith("data.")]


class Malformed(Exception):
    """A message that cannot be read; `source` and `sender_id` as far as they could be."""

    def __init__(
        self,
        code: MalformedCode,
        faults: Fault | Sequence[Fault],
        *,
        source: str | None = None,
        sender_id: str | None = None,
    ) -> None:
        self.code: MalformedCode = code
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        self.source = source
        self.sender_id = sender_id
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return "; ".join(str(fault) for fault in self.faults)

    @property
    def place(self) -> str:
        """The place of the first fault."""
        return self.faults[0].place if self.faults else ""

    def moved(self, within: str) -> Malformed:
        """Say the same of a message that is a part of something larger: `line 3` or `[2]`."""
        faults = [Fault(_moved(within, fault.place), fault.message) for fault in self.faults]
        return Malformed(self.code, faults, source=self.source, sender_id=self.sender_id)

    def known_as(self, source: str, sender_id: str) -> Malformed:
        """Say the same, of the sender's message with this key."""
        return Malformed(self.code, self.faults, source=source, sender_id=sender_id)


def _moved(within: str, place: str) -> str:
    # A message on one line of a file has only the columns of its own.
    place = place.removeprefix("line 1, ")
    return f"{within}{'.' if within.endswith(']') else ', '}{place}" if place else within
