"""Partners as people look at them: all in a table, or one with agents, customers and contracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from rich.console import RenderableType

from contracts.directory import Contract, Directory, Partner
from ledger import directory_export, views
from ledger.views import Balance
from ops.answer import Answer
from ops.opening import opened
from ops.output import WIDE, add, line, table
from ops.problem import Problem

EMPTY = "no partners; toritsugi directory import FILE brings them in"


@dataclass(frozen=True, slots=True)
class _Owned:
    """A contract with its account, and the sign-ins it is linked to."""

    contract: Contract
    account: Balance
    links: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        given = self.contract.access_id is not None and self.contract.contract_id is not None
        return {
            **self.contract.model_dump(exclude={"access_id", "contract_id", "incidents"}),
            "has_ids": given,
            "opening": self.contract.incidents,
            "balance": self.account.balance,
            "reserved": self.account.reserved,
            "available": self.account.available,
            "links": list(self.links),
        }


def show(which: str | None) -> Answer:
    """Show every partner, or one; raise `Problem` for one that there is not."""
    directory, accounts = _read()
    partners = directory.partners if which is None else (_named(directory, which),)
    owned = {one.id: [_owned(one, each, accounts) for each in one.contracts] for one in partners}
    items = [_document(one, owned[one.id]) for one in partners]
    if which is None:
        return Answer({"items": items, "next": None}, lambda columns: [_list(partners, columns)])
    return Answer(items[0], lambda _columns: _pages(partners[0], owned[which]))


def _read() -> tuple[Directory, Mapping[tuple[str, str], Balance]]:
    with opened() as app:
        directory = app.store.read(directory_export.export)
        balances = app.store.read(views.balances)
    return directory, {(one.partner, one.name): one for one in balances}


def _named(directory: Directory, which: str) -> Partner:
    every = {one.id: one for one in directory.partners}
    if which in every:
        return every[which]
    near = get_close_matches(which, every, n=3)
    meant = f" (did you mean {', '.join(near)}?)" if near else ""
    raise Problem(f"there is no partner {which}{meant}; toritsugi directory show lists them all")


def _owned(
    partner: Partner, contract: Contract, accounts: Mapping[tuple[str, str], Balance]
) -> _Owned:
    links = (one.sign_in for one in partner.agents if contract.name in one.linked_contracts)
    return _Owned(contract, accounts[partner.id, contract.name], tuple(links))


def _document(partner: Partner, owned: Sequence[_Owned]) -> dict[str, Any]:
    return {**partner.model_dump(), "contracts": [one.as_dict() for one in owned]}


# ---- Pages ---------------------------------------------------------------------------------------


def _list(partners: Sequence[Partner], columns: int) -> RenderableType:
    if not partners:
        return line(EMPTY)
    more = ("agents#", "customers#") if columns >= WIDE else ()
    found = table("partner!", "name", "type!", "membership!", *more, "contracts#")
    for one in partners:
        numbers = (len(one.agents), len(one.customers)) if more else ()
        add(found, one.id, one.name, one.type, one.membership, *numbers, len(one.contracts))
    return found


def _pages(partner: Partner, owned: Sequence[_Owned]) -> Iterator[RenderableType]:
    yield _head(partner)
    yield from _agents(partner)
    yield from _customers(partner)
    yield from _contracts(owned)


def _head(partner: Partner) -> RenderableType:
    head = table("", "", title=partner.id)
    features = "activated" if partner.partner_features else "not activated"
    add(head, "name", partner.name)
    add(head, "domain", partner.domain)
    add(head, "type", partner.type)
    add(head, "membership", partner.membership)
    add(head, "partner features", features)
    return head


def _agents(partner: Partner) -> Iterator[RenderableType]:
    found = table("sign-in", "roles", "subscriptions#", title="\nagents")
    for one in partner.agents:
        add(found, one.sign_in, ", ".join(one.roles), len(one.azure_subscriptions))
    if partner.agents:
        yield found


def _customers(partner: Partner) -> Iterator[RenderableType]:
    found = table("tenant", "name", "admin!", "domains", title="\ncustomers")
    for one in partner.customers:
        add(found, one.tenant, one.name, one.delegated_admin, ", ".join(one.domains))
    if partner.customers:
        yield found


def _contracts(owned: Sequence[_Owned]) -> Iterator[RenderableType]:
    found = table(
        "contract", "kind", "activation!", "expires on!", "balance#", "left#", "linked to",
        title="\ncontracts",
    )  # fmt: skip
    for one in owned:
        contract, account = one.contract, one.account
        words = (contract.name, contract.kind, contract.activation, contract.expires_on)
        figures = (account.balance, account.available)
        add(found, *words, *figures, "\n".join(one.links))
    if owned:
        yield found
