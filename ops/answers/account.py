"""The account of incidents: balances, entries, and the proof that they agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from ledger import proof, views
from ledger.proof import Proof
from ledger.views import Balance
from ops.answer import Answer
from ops.opening import opened
from ops.output import add, line, table


def balance() -> Answer:
    with opened() as app:
        found = app.store.read(views.balances)
    items = {"items": [asdict(one) for one in found], "next": None}
    return Answer(items, lambda _columns: [balance_table(found)])


def balance_table(balances: Sequence[Balance]) -> RenderableType:
    """Show what every contract has left; uncounted ones have no figures."""
    if not balances:
        return line("no contracts; toritsugi directory import FILE brings them in")
    headings = ("partner!", "contract", "kind!", "activation!", "expires on!")
    found = table(*headings, "balance#", "reserved#", "left#")
    for one in balances:
        words = (one.partner, one.name, one.kind, one.activation, one.expires_on)
        add(found, *words, one.balance, one.reserved, one.available)
    return found


def entries() -> Answer:
    with opened() as app:
        found = app.store.read(views.account)
        zone = app.zone

    def pages(_columns: int) -> Iterator[RenderableType]:
        shown = [{**one, "at": f"{one['at'].astimezone(zone):%m-%d %H:%M:%S}"} for one in found]
        yield _entry_table(shown, zone) if shown else line("no entries")

    return Answer({"items": found, "next": None}, pages)


def _entry_table(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> RenderableType:
    headings = ("at!", "contract", "kind!", "amount#", "balance#", "who", "why")
    found = table(*headings, zone=zone)
    for row in rows:
        add(found, *(row[name] for name in ("at", "contract", "kind", "amount", "balance")),
            row["who"], row["why"])  # fmt: skip
    return found


def verify() -> Answer:
    """Prove the account; the answer is no when something does not add up."""
    with opened() as app:
        found = app.store.read(proof.verify)
    return Answer(proof_document(found), lambda _columns: proof_pages(found), ok=found.clean)


def proof_document(found: Proof) -> dict[str, Any]:
    return {"clean": found.clean, **asdict(found)}


def proof_pages(found: Proof) -> Iterator[RenderableType]:
    looked_at = (
        f"{found.contracts} contracts, {found.entries} entries, {found.tickets} tickets looked at"
    )
    if found.clean:
        yield line(f"ledger verify: clean; {looked_at}", style="green")
        return
    number = len(found.discrepancies)
    yield line(f"ledger verify: {number} do not add up; {looked_at}", style="red")
    wrong = table("check", "where", "expected#", "found#")
    for one in found.discrepancies:
        add(wrong, one.check, one.where, one.expected, one.found)
    yield wrong
