"""What can be seen from outside at the end of a drill: ledger, portals, events, and our own notes.

Gathers and judges nothing. Nothing here was said by one of the processes under test: the ledger is
read by SQL, the portals by HTTP, the events as any receiver reads them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.portals.azure.names import ticket_name
from ledger import audit, proof, quarantine, views
from ledger.audit import Record
from ledger.proof import Proof
from ledger.store import Connection, Store
from ops import simulated
from ops.drill.load import DRY
from ops.drill.receiver import Seen
from ops.drill.senders import Sent
from ops.drill.troubles import Met

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The database's side."""

    records: Mapping[str, Record]
    proof: Proof
    unreadable: Sequence[str]
    """Messages in quarantine."""
    dry_left: int
    """What is left of the contract that runs dry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portals:
    """The portals' side."""

    tickets: Mapping[str, Sequence[Row]]
    """By title."""
    calls: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The receiver's side."""

    seen: Mapping[str, Seen]
    """By the event's id, in the order in which each first came."""
    altered: Collection[str]
    """Ids under which two contents came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the count goes by."""

    sent: Mapping[str, Sent]
    """By the request's number."""
    ledger: Ledger
    portals: Portals
    heard: Heard
    met: Sequence[Met]
    hands: Mapping[str, int]
    """How often each request was in hands that trouble befell."""
    whole: bool = True
    """Whether the drill went on to its end: then nothing is under way any more."""


def ledger(store: Store) -> Ledger:
    """Read it all in one look."""

    def query(db: Connection) -> Ledger:
        left = {one.name: one.balance for one in views.balances(db)}
        return Ledger(
            records=audit.records(db),
            proof=proof.verify(db),
            unreadable=[kept.id for kept in quarantine.kept(db)],
            dry_left=left.get(DRY) or 0,
        )

    return store.read(query)


def portals(url: str) -> Portals:
    by_title: Mapping[str, list[Row]] = defaultdict(list)
    for ticket in simulated.tickets(url):
        by_title[ticket["title"]].append(ticket)
    return Portals(tickets=dict(by_title), calls=simulated.journal(url))


def calls_about(found: Portals) -> Mapping[str, Sequence[Row]]:
    """Give the calls by the key that they named."""
    by_key: Mapping[str, list[Row]] = defaultdict(list)
    for call in found.calls:
        by_key[call["key"] or ""].append(call)
    return by_key


def keys_of(number: str) -> tuple[str, str]:
    """Give the keys under which portals know a request: the bridge's, and Azure's."""
    return number, ticket_name(number)
