"""The directory: partners, their agents and customers, their contracts and who may use them.

The file is the authority on the partners it names, with two exceptions: a contract is never taken
away (its account goes on), and its balance moves only by entries. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from contracts import directory as file
from ledger import account
from ledger.account import Change
from ledger.clock import now
from ledger.known import Known, folded
from ledger.tables import agents, contracts, customers, entries, links, partners
from ledger.vault import Vault
from rules import facts


@dataclass(frozen=True, slots=True)
class Ids:
    """A contract's ids in clear, for the portal alone."""

    access_id: str | None = field(repr=False)
    contract_id: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file did that it does not show: each is named as `partner/name`."""

    removed_agents: tuple[str, ...]
    removed_customers: tuple[str, ...]
    unused_incidents: tuple[Unused, ...]


@dataclass(frozen=True, slots=True)
class Unused:
    """A number of incidents that was not taken: a contract's account goes on as it was opened."""

    contract: str
    incidents: int
    opened_with: int


def contract_id(partner: str, name: str) -> str:
    """Give the key of a partner's contract."""
    return f"{partner}/{name}"


# ---- Statements ----------------------------------------------------------------------------------

PARTNER = select(partners).where(partners.c.id == bindparam("of"))
AGENT = select(agents).where(
    agents.c.partner == bindparam("of"), agents.c.sign_in == bindparam("by")
)
CUSTOMER = select(customers).where(
    customers.c.partner == bindparam("of"), customers.c.tenant == bindparam("for")
)
CUSTOMERS = select(customers).where(customers.c.partner == bindparam("of"))
CONTRACTS = (
    select(contracts, links.c.sign_in.is_not(None).label("linked"))
    .outerjoin(
        links,
        and_(
            links.c.contract == contracts.c.id,
            links.c.partner == bindparam("of"),
            links.c.sign_in == bindparam("by"),
        ),
    )
    .where(contracts.c.partner == bindparam("of"))
    .order_by(contracts.c.name)
)
SEALED = select(contracts.c.access_id_sealed, contracts.c.contract_id_sealed).where(
    contracts.c.id == bindparam("which")
)
LINKED = select(links.c.contract).where(
    links.c.partner == bindparam("of"),
    links.c.sign_in == bindparam("by"),
    links.c.contract == bindparam("which"),
)
OPENING = select(entries.c.amount).where(entries.c.id == bindparam("entry"))
LINK = (  # an agent who has left the directory meanwhile is linked to nothing
    insert(links)
    .from_select(
        ["partner", "sign_in", "contract", "linked_at"],
        select(agents.c.partner, agents.c.sign_in, bindparam("which", type_=String), now()).where(
            agents.c.partner == bindparam("of"), agents.c.sign_in == bindparam("by")
        ),
    )
    .inline()
)


# ---- Looking up ----------------------------------------------------------------------------------


def known(db: Connection, partner: str | None, agent: str | None, customer: str | None) -> Known:
    """Look up those whom a request names."""
    row = db.execute(PARTNER, {"of": partner}).one_or_none()
    if row is None:
        return Known()
    key = {"of": row.id, "by": folded(agent or "")}
    owned = db.execute(CONTRACTS, key).all()
    user = db.execute(AGENT, key).one_or_none()
    linked = frozenset(contract.name for contract in owned if contract.linked)
    return Known(
        partner=_partner(row),
        agent=None if user is None else _agent(user, linked),
        customer=None if customer is None else _customer(db, row.id, folded(customer)),
        contracts=tuple(_contract(contract) for contract in owned),
    )


def _partner(row: Row[Any]) -> facts.Partner:
    return facts.Partner(
        id=row.id,
        name=row.name,
        domain=row.domain or "",
        type=row.type,
        membership=row.membership,
        partner_features=row.partner_features,
    )


def _agent(row: Row[Any], linked: frozenset[str]) -> facts.Agent:
    return facts.Agent(
        sign_in=row.sign_in,
        roles=frozenset(row.roles),
        azure_subscriptions=tuple(row.azure_subscriptions),
        linked_contracts=linked,
    )


def _customer(db: Connection, partner: str, name: str) -> facts.Customer | None:
    """Look by tenant first; only then through every customer's further domains."""
    row = db.execute(CUSTOMER, {"of": partner, "for": name}).one_or_none()
    if row is None:
        every = db.execute(CUSTOMERS, {"of": partner})
        row = next((one for one in every if name in map(folded, one.domains)), None)
    if row is None:
        return None
    return facts.Customer(
        tenant=row.tenant,
        name=row.name or "",
        domains=tuple(row.domains),
        delegated_admin=row.delegated_admin,
    )


def _contract(row: Row[Any]) -> facts.Contract:
    return facts.Contract(
        name=row.name,
        kind=row.kind,
        access_id=row.access_id_print,
        contract_id=row.contract_id_print,
        activation=row.activation,
        expires_on=row.expires_on,
        available=row.balance - row.reserved if row.counted else None,
    )


def ids(db: Connection, vault: Vault, which: str) -> Ids:
    """Open a contract's ids; both None where the directory has none."""
    sealed = db.execute(SEALED, {"which": which}).one()
    access, contract = (None if one is None else vault.open(one).decode() for one in sealed)
    return Ids(access, contract)


def link(db: Connection, partner: str, sign_in: str, which: str) -> None:
    """Tie the contract to the sign-in; harmless when it is tied already."""
    key = {"of": partner, "by": folded(sign_in), "which": which}
    if db.execute(LINKED, key).one_or_none() is None:
        db.execute(LINK, key)


# ---- Importing -----------------------------------------------------------------------------------


def take_in(db: Connection, vault: Vault, directory: file.Directory, *, who: str) -> Taken:
    """Bring the directory up to what the file says of its partners."""
    gone_agents: list[str] = []
    gone_customers: list[str] = []
    unused: list[Unused] = []
    for partner in directory.partners:
        _sync(db, partners, ["id"], [_partner_row(partner)])
        rows = [_agent_row(partner, one) for one in partner.agents]
        gone_agents += _sync_all(db, agents, partner, "sign_in", rows)
        rows = [_customer_row(partner, one) for one in partner.customers]
        gone_customers += _sync_all(db, customers, partner, "tenant", rows)
        for contract in partner.contracts:
            unused += _take_in_contract(db, vault, partner, contract, who)
        for agent in partner.agents:
            for name in agent.linked_contracts:
                link(db, partner.id, agent.sign_in, contract_id(partner.id, name))
    return Taken(tuple(gone_agents), tuple(gone_customers), tuple(unused))


def _partner_row(partner: file.Partner) -> dict[str, Any]:
    return {
        "id": partner.id,
        "name": partner.name,
        "domain": partner.domain,
        "type": partner.type,
        "membership": partner.membership,
        "partner_features": partner.partner_features,
    }


def _agent_row(partner: file.Partner, agent: file.Agent) -> dict[str, Any]:
    return {
        "partner": partner.id,
        "sign_in": folded(agent.sign_in),
        "roles": list(agent.roles),
        "azure_subscriptions": list(agent.azure_subscriptions),
    }


def _customer_row(partner: file.Partner, customer: file.Customer) -> dict[str, Any]:
    return {
        "partner": partner.id,
        "tenant": folded(customer.tenant),
        "name": customer.name,
        "domains": list(customer.domains),
        "delegated_admin": customer.delegated_admin,
    }


def _take_in_contract(
    db: Connection, vault: Vault, partner: file.Partner, contract: file.Contract, who: str
) -> list[Unused]:
    """Open the account of a contract that is new; of another, say what is not used."""
    which = contract_id(partner.id, contract.name)
    counted = contract.kind not in file.UNCOUNTED_KINDS
    row = {
        "id": which,
        "partner": partner.id,
        "name": contract.name,
        "kind": contract.kind,
        "activation": contract.activation,
        "expires_on": contract.expires_on,
        "counted": counted,
        **_secret(vault, "access_id", contract.access_id),
        **_secret(vault, "contract_id", contract.contract_id),
    }
    new = _sync(db, contracts, ["id"], [row], fresh={"balance": 0, "reserved": 0})
    if not new:
        return _unused(db, which, contract.incidents)
    if counted:
        opening = Change(
            _opening(which), which, "opening", contract.incidents or 0, who, "directory file"
        )
        account.add(db, opening)
    return []


def _opening(which: str) -> str:
    return f"{which}/opening"


def _unused(db: Connection, which: str, incidents: int | None) -> list[Unused]:
    """Give the number that differs from what the account was opened with."""
    opened_with = db.execute(OPENING, {"entry": _opening(which)}).scalar()
    if incidents is None or opened_with is None or incidents == opened_with:
        return []
    return [Unused(which, incidents, opened_with)]


def _secret(vault: Vault, name: str, secret: Any) -> dict[str, Any]:
    clear = None if secret is None else secret.get_secret_value()
    return {
        f"{name}_sealed": None if clear is None else vault.seal(clear.encode()),
        f"{name}_print": None if clear is None else vault.fingerprint(clear),
    }


def _sync(
    db: Connection,
    table: Table,
    key: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    *,
    fresh: Mapping[str, Any] | None = None,
) -> int:
    """Update the rows that are there and insert the others (with `fresh`); give how many."""
    inserted = 0
    for row in rows:
        same = and_(*(table.c[name] == row[name] for name in key))
        if not db.execute(update(table).where(same).values(row)).rowcount:
            db.execute(insert(table).values({**row, **(fresh or {})}))
            inserted += 1
    return inserted


def _sync_all(
    db: Connection, table: Table, of: file.Partner, key: str, rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Update or insert a partner's rows, and delete its others; give who these were."""
    _sync(db, table, ["partner", key], rows)
    ours, wanted = table.c.partner == of.id, {row[key] for row in rows}
    there = db.execute(select(table.c[key]).where(ours).order_by(table.c[key])).scalars().all()
    gone = [name for name in there if name not in wanted]
    for name in gone:
        db.execute(delete(table).where(ours, table.c[key] == name))
    return [f"{of.id}/{name}" for name in gone]
