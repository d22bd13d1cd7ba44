"""The whole directory read back in the form of its file, so that an import of it changes nothing.

Ids stay sealed unless the caller brings what opens them. Balances are the opening ones, as in any
file: what happened since is the account's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlalchemy import Connection, Row, func, select

from contracts import directory as file
from ledger.tables import agents, contracts, customers, entries, links, partners

T = TypeVar("T")
Links = Mapping[tuple[str, str], tuple[str, ...]]
"""The names of the contracts that a partner's sign-in is linked to."""

Opener = Callable[[bytes], bytes]
SEALED = "sealed"
"""Stands for an id that nobody opened; only ever written masked."""

# ---- Statements ----------------------------------------------------------------------------------

PARTNERS = select(partners).order_by(partners.c.id)
AGENTS = select(agents).order_by(agents.c.partner, agents.c.sign_in)
CUSTOMERS = select(customers).order_by(customers.c.partner, customers.c.tenant)
LINKS = (
    select(links.c.partner, links.c.sign_in, contracts.c.name)
    .join(contracts, contracts.c.id == links.c.contract)
    .order_by(links.c.partner, links.c.sign_in, contracts.c.name)
)
OPENING = (
    select(func.coalesce(func.sum(entries.c.amount), 0))
    .where(entries.c.contract == contracts.c.id, entries.c.kind == "opening")
    .scalar_subquery()
)
CONTRACTS = select(contracts, OPENING.label("opening")).order_by(
    contracts.c.partner, contracts.c.name
)


def export(db: Connection, opener: Opener | None = None) -> file.Directory:
    """Read everything back; without an opener the ids are told only to be there."""
    users = _by_partner(db.execute(AGENTS), _agent_with(_links(db)))
    tenants = _by_partner(db.execute(CUSTOMERS), _customer)
    owned = _by_partner(db.execute(CONTRACTS), lambda row: _contract(row, opener))
    found = (
        _partner(row, users.get(row.id, ()), tenants.get(row.id, ()), owned.get(row.id, ()))
        for row in db.execute(PARTNERS)
    )
    return file.Directory(partners=tuple(found))


def _by_partner(
    rows: Iterable[Row[Any]], read: Callable[[Row[Any]], T]
) -> dict[str, tuple[T, ...]]:
    grouped = groupby(rows, key=lambda row: str(row.partner))
    return {partner: tuple(map(read, its)) for partner, its in grouped}


def _links(db: Connection) -> Links:
    grouped = groupby(db.execute(LINKS), key=lambda row: (row.partner, row.sign_in))
    return {key: tuple(row.name for row in its) for key, its in grouped}


def _partner(
    row: Row[Any],
    users: tuple[file.Agent, ...],
    tenants: tuple[file.Customer, ...],
    owned: tuple[file.Contract, ...],
) -> file.Partner:
    return file.Partner(
        id=row.id,
        name=row.name,
        domain=row.domain,
        type=row.type,
        membership=row.membership,
        partner_features=row.partner_features,
        agents=users,
        customers=tenants,
        contracts=owned,
    )


def _agent_with(linked: Links) -> Callable[[Row[Any]], file.Agent]:
    def agent(row: Row[Any]) -> file.Agent:
        return file.Agent(
            sign_in=row.sign_in,
            roles=tuple(row.roles),
            azure_subscriptions=tuple(row.azure_subscriptions),
            linked_contracts=linked.get((row.partner, row.sign_in), ()),
        )

    return agent


def _customer(row: Row[Any]) -> file.Customer:
    return file.Customer(
        tenant=row.tenant,
        name=row.name,
        domains=tuple(row.domains),
        delegated_admin=row.delegated_admin,
    )


def _contract(row: Row[Any], opener: Opener | None) -> file.Contract:
    return file.Contract(
        name=row.name,
        kind=row.kind,
        access_id=_id(row.access_id_sealed, opener),
        contract_id=_id(row.contract_id_sealed, opener),
        activation=row.activation,
        expires_on=row.expires_on,
        incidents=row.opening if row.counted else None,
    )


def _id(sealed: bytes | None, opener: Opener | None) -> SecretStr | None:
    if sealed is None:
        return None
    return SecretStr(SEALED if opener is None else opener(sealed).decode())
