"""What the directory says of those whom a request names, wherever it was looked up.

Needs no database: a decision on paper has it from a file.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules import facts


@dataclass(frozen=True, slots=True)
class Known:
    """What the directory says of those whom a request names; None: not on record."""

    partner: facts.Partner | None = None
    agent: facts.Agent | None = None
    customer: facts.Customer | None = None
    contracts: tuple[facts.Contract, ...] = ()


def folded(name: str) -> str:
    """Give the form in which sign-ins and tenants are compared: case does not count."""
    return name.strip().casefold()
