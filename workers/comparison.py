"""Compares the tickets that a portal lists with what the ledger knows. Pure: asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from ledger.reconciliation import Known
from ledger.states import State
from workers import findings
from workers.findings import Finding, Item

NOT_FILED_YET = (State.RECEIVED, State.QUEUED)


def compare(
    portal: str, held: Mapping[str, AbstractSet[str]], ledger: Mapping[str, Known]
) -> Iterator[Item]:
    """Say what it comes down to that the portal holds these numbers under each key.

    `Finding.ADOPTED` is for one that may be adopted.
    """
    for key in sorted(held):
        if len(held[key]) > 1:
            yield findings.several(key, held[key])
            continue
        (number,) = held[key]
        known = ledger.get(key)
        yield findings.unknown(key, number) if known is None else _one(portal, number, known)


def _one(portal: str, number: str, known: Known) -> Item:
    if known.number is not None:
        if (known.system, known.number) == (portal, number):
            return Item(known.id, number, Finding.AGREES)
        return findings.other_number(known.id, number, known.number)
    if known.state in NOT_FILED_YET:
        return Item(known.id, number, Finding.TO_COME)
    if not known.perhaps_filed:
        return findings.against_state(known.id, number, known.state)
    return Item(known.id, number, Finding.UNDER_WAY if known.in_hand else Finding.ADOPTED)
