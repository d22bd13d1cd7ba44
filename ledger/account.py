"""The account of incidents: reserve, then post or void; refund at most once.

Entries are only ever added, under ids the caller gives, so that doing a thing twice does it once.
The database itself refuses to promise an incident twice (CHECK `never_oversold`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    Row,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from ledger.clock import from_now, now
from ledger.states import State
from ledger.tables import contracts, entries, requests, reservations


class NoIncidentsLeft(Exception):
    """The contract has no incident that is not deducted or promised already."""


class AccountError(Exception):
    """What is asked contradicts the account, such as posting a reservation that was void."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the account; `balance` is the contract's after it."""

    id: str
    contract: str
    contract_name: str
    kind: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True)
class Change:
    """A line to be added: `opening`, `adjustment`, `post` or `refund`, by whom and why."""

    id: str
    contract: str
    kind: str
    amount: int
    who: str
    why: str
    request: str | None = None


# ---- Statements ----------------------------------------------------------------------------------

_contract = contracts.c.id == bindparam("of")
_amount: BindParameter[int] = bindparam("change", type_=Integer)
HOLD = (
    update(contracts)
    .where(
        _contract,
        or_(contracts.c.counted.is_(False), contracts.c.balance - contracts.c.reserved >= _amount),
    )
    .values(reserved=contracts.c.reserved + _amount)
    .returning(contracts.c.id)
)
FREE = update(contracts).where(_contract).values(reserved=contracts.c.reserved - _amount)
TAKE = (
    update(contracts)
    .where(_contract)
    .values(reserved=contracts.c.reserved - _amount, balance=contracts.c.balance - _amount)
    .returning(contracts.c.balance, contracts.c.name)
)
CHANGE = (
    update(contracts)
    .where(
        _contract,
        or_(
            contracts.c.counted.is_(False),
            contracts.c.balance + _amount >= contracts.c.reserved,
        ),
    )
    .values(balance=contracts.c.balance + _amount)
    .returning(contracts.c.balance, contracts.c.name)
)
RESERVATION = select(reservations).where(reservations.c.id == bindparam("reservation"))
PROMISE = insert(reservations).values(state="pending", reserved_at=now()).inline()
SETTLE = (
    update(reservations)
    .where(reservations.c.id == bindparam("reservation"), reservations.c.state == "pending")
    .values(state=bindparam("settled"), settled_at=now())
    .returning(reservations.c.contract, reservations.c.amount, reservations.c.request)
)
ENTRY = (
    select(entries, contracts.c.name.label("contract_name"))
    .join(contracts, contracts.c.id == entries.c.contract)
    .where(entries.c.id == bindparam("entry"))
)
EXPIRED = (
    select(reservations.c.request)
    .join(requests, requests.c.id == reservations.c.request)
    .where(
        reservations.c.state == "pending",
        reservations.c.reserved_at < from_now("before_ms"),
        requests.c.state == State.QUEUED,
    )
    .order_by(reservations.c.reserved_at)
    .limit(bindparam("most"))
)
POSTED = select(entries.c.contract, entries.c.amount).where(
    entries.c.request == bindparam("for_request"), entries.c.kind == "post"
)
WRITE = insert(entries).values(at=now()).inline()


def reserve(db: Connection, reservation: str, *, contract: str, request: str, amount: int) -> None:
    """Promise `amount` incidents to the request; the same reservation twice promises once.

    Raises `NoIncidentsLeft` and changes nothing when the contract cannot keep the promise.
    """
    known = db.execute(RESERVATION, {"reservation": reservation}).one_or_none()
    if known is not None:
        if (known.state, known.contract, known.amount) != ("pending", contract, amount):
            raise AccountError(f"reservation {reservation} is {known.state}, or promised otherwise")
        return
    if db.execute(HOLD, {"of": contract, "change": amount}).one_or_none() is None:
        raise NoIncidentsLeft(contract)
    values = {"id": reservation, "contract": contract, "request": request, "amount": amount}
    db.execute(PROMISE, values)


def post(db: Connection, reservation: str, entry: str, *, who: str, why: str) -> Entry:
    """Deduct what was reserved; the same entry twice deducts once."""
    if (known := _entry(db, entry)) is not None:
        return known
    settled = _settle(db, reservation, "posted")
    after = db.execute(TAKE, {"of": settled.contract, "change": settled.amount}).one()
    change = Change(entry, settled.contract, "post", -settled.amount, who, why, settled.request)
    return _write(db, change, after.name, after.balance)


def void(db: Connection, reservation: str) -> bool:
    """Give a promise back, and say whether there was one; harmless for one that is void already.

    Raises `AccountError` for one that was posted.
    """
    known = db.execute(RESERVATION, {"reservation": reservation}).one_or_none()
    if known is None or known.state == "void":
        return False
    settled = _settle(db, reservation, "void")
    db.execute(FREE, {"of": settled.contract, "change": settled.amount})
    return True


def expired(db: Connection, older_s: float, *, most: int) -> list[str]:
    """Give the requests that have waited so long on a promise and have nothing at a portal."""
    values = {"before_ms": -round(older_s * 1000), "most": most}
    return list(db.execute(EXPIRED, values).scalars())


def refund(db: Connection, request: str, entry: str, *, who: str, why: str) -> Entry:
    """Give back what the request's posting took; the same entry twice gives back once."""
    posted = db.execute(POSTED, {"for_request": request}).one_or_none()
    if posted is None:
        raise AccountError(f"{request} was never posted, so there is nothing to give back")
    change = Change(entry, posted.contract, "refund", -posted.amount, who, why, request)
    return add(db, change)


def add(db: Connection, change: Change) -> Entry:
    """Add a line that takes nothing from a promise; the same line twice is added once."""
    if (known := _entry(db, change.id)) is not None:
        return known
    values = {"of": change.contract, "change": change.amount}
    after = db.execute(CHANGE, values).one_or_none()
    if after is None:
        raise AccountError(
            f"{change.contract}: {change.amount:+} would leave less than what is promised"
        )
    return _write(db, change, after.name, after.balance)


def _settle(db: Connection, reservation: str, state: str) -> Row[Any]:
    row = db.execute(SETTLE, {"reservation": reservation, "settled": state}).one_or_none()
    if row is None:
        raise AccountError(f"reservation {reservation} is not pending, so it cannot be {state}")
    return row


def _write(db: Connection, change: Change, contract_name: str, balance: int) -> Entry:
    db.execute(WRITE, {**asdict(change), "balance": balance})
    return Entry(change.id, change.contract, contract_name, change.kind, change.amount, balance)


def _entry(db: Connection, entry: str) -> Entry | None:
    row = db.execute(ENTRY, {"entry": entry}).one_or_none()
    if row is None:
        return None
    return Entry(row.id, row.contract, row.contract_name, row.kind, row.amount, row.balance)
