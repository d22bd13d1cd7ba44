"""The load: invented partners, and requests of theirs that every rule lets pass.

About six in ten go to on-premises support, three to Office and one to Azure. The same number gives
the same request each time. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from contracts.directory import Directory
from contracts.request import REQUEST_TYPE
from ops import invented

SOURCE = "urn:toritsugi:bench"
PARTNERS = 8
"""So many contracts take deductions in turn: no balance is everybody's."""
TURNS = ("onprem", "onprem", "office", "onprem", "onprem", "office", "onprem", "azure", "onprem",
         "office")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One request as it goes onto the stream."""

    number: str
    """The sender's own, unique within a run."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent together, and what must come of it."""

    messages: Sequence[Message]
    deductions: int


def load(name: str, count: int) -> Load:
    """Give so many requests, numbered `name-1`, `name-2` and so on."""
    numbers = range(1, count + 1)
    messages = [
        Message(f"{name}-{number}", _event(f"{name}-{number}", number)) for number in numbers
    ]
    return Load(messages, sum(_route(number) != "office" for number in numbers))


def _route(number: int) -> str:
    return TURNS[number % len(TURNS)]


def _event(sender_id: str, number: int) -> bytes:
    data = invented.data(_route(number), number, number % PARTNERS)
    envelope = {"specversion": "1.0", "type": REQUEST_TYPE, "source": SOURCE, "id": sender_id}
    return orjson.dumps({**envelope, "data": data})


# ---- The directory -------------------------------------------------------------------------------


def directory(incidents: int) -> Directory:
    """Give the partners, with so many incidents on each of their contracts."""
    partners = [invented.partner(number, incidents) for number in range(PARTNERS)]
    return Directory.model_validate({"partners": partners})
