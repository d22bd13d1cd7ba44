"""What is settled about outgoing mail before a letter is written: as whom, by whom, how many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.outbound.smtp import Smtp


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The way out for letters."""

    smtp: Smtp
    sender: str
    """Name and address that letters come from, as in a header."""
    address: str
    domain: str
    """Of our Message-IDs."""
    own: frozenset[str]
    """Our own addresses, lower case: nothing is sent there."""
    per_hour: int
    """Letters to one address within any hour; more wait."""
