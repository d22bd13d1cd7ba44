"""One call to a portal, told apart before anything answers it. Says nothing about HTTP answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

#: What a fault rule may name, beside `*`.
OPERATIONS = ("create", "read", "lookup", "list", "poll", "update")
PORTALS = ("azure", "office", "onprem", "partner_portal")


@dataclass(slots=True)
class Call:
    """Who is asked for what; `failure` is the order of a fault script to the model behind."""

    method: str
    path: str
    portal: str
    #: The first one is the one the journal shows; a rule may name any of them.
    operations: tuple[str, ...]
    key: str | None = None
    #: Title and description, for the `match` of a fault rule.
    text: str = ""
    document: Any = None
    failure: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a key was about, as far as anyone has heard."""

    portal: str
    text: str
