"""Whether the figures may be believed: every request came through once, nothing twice, none lost.

A run that is not exact has no figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bench.load import Load
from bench.pipeline import Pipeline
from bench.tally import Tally
from contracts.event_data import Accepted, Deducted, Submitted
from ledger import proof
from ledger.proof import Proof
from ops import simulated


def faults(pipeline: Pipeline, load: Load, tally: Tally, filed: int) -> list[str]:
    """List what is not as it must be; `filed` is the number of tickets there should be by now."""
    keys = Counter(ticket["key"] for ticket in simulated.tickets(pipeline.portals))
    account = pipeline.app.store.read(proof.verify)
    return [
        *event_faults(load, tally),
        *ticket_faults(keys, filed),
        *account_faults(account, filed),
    ]


def event_faults(load: Load, tally: Tally) -> Iterator[str]:
    """Look for each event once: accepted and submitted for all, deducted for the counted."""
    numbers = {message.number for message in load.messages}
    for kind in (Accepted.TYPE, Submitted.TYPE):
        found = set(tally.at_ms[kind])
        if found != numbers:
            lost, foreign = len(numbers - found), len(found - numbers)
            yield f"{kind}: {lost} requests lack it, {foreign} unknown ones have it"
    if len(tally.at_ms[Deducted.TYPE]) != load.deductions:
        yield f"{Deducted.TYPE}: {len(tally.at_ms[Deducted.TYPE])} instead of {load.deductions}"
    for (kind, number), times in tally.seen.items():
        if times > 1:
            yield f"{kind}: {times} times for {number}"
    yield from (f"{number} came to another end: {words}" for number, words in tally.strays.items())


def ticket_faults(keys: Counter[str], filed: int) -> Iterator[str]:
    """Look for one ticket a request at the portals."""
    if len(keys) != filed:
        yield f"the portals hold tickets for {len(keys)} requests instead of {filed}"
    yield from (f"{times} tickets under {key}" for key, times in keys.items() if times > 1)


def account_faults(account: Proof, filed: int) -> Iterator[str]:
    """Let the ledger prove itself, and count its tickets."""
    if account.tickets != filed:
        yield f"the ledger has {account.tickets} tickets instead of {filed}"
    for one in account.discrepancies:
        yield f"ledger: {one.check}, {one.where}: {one.expected} expected, {one.found} found"
