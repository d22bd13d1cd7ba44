"""Read-only views for whoever checks from outside that nothing was lost and nothing done twice.

Facts alone: what they ought to be is for the one who checks to say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from ledger.hands import HELD
from ledger.parking import MAY_GO
from ledger.states import SETTLED
from ledger.tables import attempts, contracts, entries, requests, tickets


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt at a portal; `lookups` told nothing, `outcome` is None while it is open."""

    outcome: str | None
    code: str | None
    lookups: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger has of one request."""

    id: str
    source: str
    sender_id: str
    state: str
    code: str | None
    contract: str | None
    ticket: str | None
    deductions: tuple[int, ...] = ()
    """Incidents that each posting took."""
    tries: tuple[Try, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """A request in a process's hands; the fence goes up when another takes it."""

    request: str
    owner: str
    fence: int


@dataclass(frozen=True, slots=True)
class Hands:
    """A request's fence, in whose hands it was last unless it was let go, and its portal."""

    fence: int
    owner: str | None
    parked: bool
    """Whether nobody may take it up now, since its portal is parked."""


REQUESTS = (
    select(
        requests.c.id,
        requests.c.source,
        requests.c.sender_id,
        requests.c.state,
        requests.c.code,
        contracts.c.name.label("contract"),
        tickets.c.number.label("ticket"),
    )
    .outerjoin(contracts, contracts.c.id == requests.c.contract)
    .outerjoin(tickets, tickets.c.request == requests.c.id)
)
TRIES = select(
    attempts.c.request,
    attempts.c.outcome,
    attempts.c.code,
    attempts.c.lookups,
    attempts.c.started_at,
    attempts.c.finished_at,
).order_by(attempts.c.request, attempts.c.number)
DEDUCTIONS = select(entries.c.request, -entries.c.amount).where(entries.c.kind == "post")
HOLDS = select(requests.c.id, requests.c.lease_owner, requests.c.fence).where(HELD)
HANDS = select(requests.c.id, requests.c.fence, requests.c.lease_owner, ~MAY_GO).where(
    requests.c.id.in_(bindparam("ids", expanding=True))
)
UNSETTLED = select(func.count()).where(requests.c.state.not_in(sorted(SETTLED)))


def records(db: Connection) -> dict[str, Record]:
    """Give every request by its number."""
    tries: Mapping[str, list[Try]] = defaultdict(list)
    for request, *values in db.execute(TRIES):
        tries[request].append(Try(*values))
    taken: Mapping[str, list[int]] = defaultdict(list)
    for request, amount in db.execute(DEDUCTIONS):
        taken[request].append(amount)
    return {
        row.id: Record(*row, deductions=tuple(taken[row.id]), tries=tuple(tries[row.id]))
        for row in db.execute(REQUESTS)
    }


def held(db: Connection) -> list[Hold]:
    """Give what is in anybody's hands at this moment."""
    return [Hold(*row) for row in db.execute(HOLDS)]


def hands(db: Connection, numbers: Collection[str]) -> dict[str, Hands]:
    """Give in whose hands each of these requests is, or was last."""
    found = db.execute(HANDS, {"ids": list(numbers)})
    return {row[0]: Hands(row[1], row[2], bool(row[3])) for row in found}


def unsettled(db: Connection) -> int:
    """Give how many requests a machine has still to go on with, today or some day."""
    return int(db.execute(UNSETTLED).scalar_one())
