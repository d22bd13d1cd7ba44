"""The tickets behind the bridge: one a key, open until someone closes them. Knows no HTTP.

Neither Office nor on-premises support has a public API, so this is the contract of a connector that
a partner runs. First answers: "Professional" support, A 2 h around the clock, B 4 and C 8 business
hours (Microsoft partner support pages, 2021). Access and contract ids are looked at, never kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from sandbox.bridge.fields import Faults, faults_in
from sandbox.business_hours import after_business_minutes
from sandbox.call import Subject
from sandbox.clock import Clock
from sandbox.numbers import ticket_number
from sandbox.store import Store

KIND = "bridge.ticket"
AROUND_THE_CLOCK_S = 2 * 3600
BUSINESS_MINUTES = {"B": 4 * 60, "C": 8 * 60}


class KeyReused(Exception):
    """The key belongs to a ticket with another body."""


class Unprocessable(Exception):
    """The body is no support request that this portal takes."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(detail for _, detail in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A filed request; `billable` is known once it is closed."""

    key: str
    number: str
    portal: str
    title: str
    description: str
    severity: str | None
    status: str
    billable: bool | None
    first_response_due: float
    created_at: float
    fingerprint: str


class Bridge:
    """Create once, find by key or number, close."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._by_key: dict[str, Ticket] = {}
        self._by_number: dict[str, str] = {}
        for record in store.load(KIND):
            self._hold(Ticket(**record))

    def create(self, key: str, asked: dict[str, Any]) -> tuple[Ticket, bool]:
        """Answer the key's ticket, and whether it is new."""
        faults = faults_in(asked)
        if faults:
            raise Unprocessable(faults)
        first, print_ = self._by_key.get(key), fingerprint(asked)
        if first and first.fingerprint != print_:
            raise KeyReused(key)
        return (first, False) if first else (self._file(key, asked, print_), True)

    def by_key(self, key: str) -> Ticket | None:
        return self._by_key.get(key)

    def by_number(self, number: str) -> Ticket | None:
        return self._by_key.get(self._by_number.get(number, ""))

    def listed(self, portal: str, since: float) -> list[Ticket]:
        """Oldest first: what comes in between two pages is on the last one."""
        return [
            each
            for each in self._by_key.values()
            # What is shown are whole seconds, and what is shown is compared.
            if each.portal == portal and int(each.created_at) >= int(since)
        ]

    def subject_of(self, ticket: Ticket) -> Subject:
        return Subject(ticket.portal, f"{ticket.title}\n{ticket.description}")

    def close(self, number: str, *, billable: bool) -> Ticket | None:
        """Close, or change one's mind about the bill; None if there is no such ticket."""
        ticket = self.by_number(number)
        return ticket and self._keep(replace(ticket, status="closed", billable=billable))

    def __iter__(self) -> Iterator[Ticket]:
        return iter(self._by_key.values())

    def _file(self, key: str, asked: dict[str, Any], print_: str) -> Ticket:
        now, severity = self._clock(), asked.get("severity")
        number = ticket_number(asked["portal"], len(self._by_key) + 1, now)
        return self._keep(Ticket(
            key=key, number=number, portal=asked["portal"], title=asked["title"],
            description=asked["description"], severity=severity, status="open", billable=None,
            first_response_due=first_response_due(severity, now), created_at=now,
            fingerprint=print_,
        ))  # fmt: skip

    def _keep(self, ticket: Ticket) -> Ticket:
        self._hold(ticket)
        self._store.put(KIND, ticket.key, ticket)
        return ticket

    def _hold(self, ticket: Ticket) -> None:
        self._by_key[ticket.key] = ticket
        self._by_number[ticket.number] = ticket.key


def fingerprint(asked: dict[str, Any]) -> str:
    """Digest the JSON value, whatever the order of its members."""
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


def first_response_due(severity: str | None, now: float) -> float:
    if severity == "A":
        return now + AROUND_THE_CLOCK_S
    return after_business_minutes(now, BUSINESS_MINUTES[severity or "C"])[1]
