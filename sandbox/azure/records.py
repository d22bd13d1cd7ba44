"""What the simulated support service remembers. Plain frozen values; no behaviour beyond names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


def key_of(scope: str, name: str) -> str:
    """Resource Manager's names are equal whatever their case."""
    return f"{scope}/{name}".lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as asked for; it exists for others once its operation has succeeded.

    `scope` is `/subscriptions/{id}` or empty. `billable` is known to Microsoft's books alone.
    """

    scope: str
    name: str
    number: str
    sequence: int
    operation: str
    asked: dict[str, Any]
    severity: str
    status: str
    plan: str
    created_at: float
    modified_at: float
    billable: bool | None = None

    @property
    def key(self) -> str:
        return key_of(self.scope, self.name)

    @property
    def text(self) -> str:
        return f"{self.asked['title']}\n{self.asked['description']}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Work that goes on after a 202; `looks` counts who came to see."""

    id: str
    scope: str
    ticket: str
    number: str
    started_at: float
    looks: int = 0
    failure: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Communication:
    """A message on a ticket; `alias` is the sender's name for it, `name` the service's own."""

    name: str
    alias: str
    ticket: str
    sender: str | None
    subject: str
    body: str
    created_at: float
