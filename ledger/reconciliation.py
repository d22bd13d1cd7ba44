"""What the ledger knows of tickets that portals hold, and where they may be. Changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, select

from ledger.attempts import Outcome
from ledger.hands import FREE, HELD
from ledger.states import State
from ledger.tables import agents, attempts, customers, requests, tickets

MOST = 500
"""Keys in one question."""
Place = tuple[str, str | None, str | None]
"""Partner, customer and subscription."""


@dataclass(frozen=True, slots=True)
class Known:
    """A request, as far as its ticket goes."""

    id: str
    state: State
    in_hand: bool
    """Whether a worker has it, as its lease says."""
    system: str | None
    number: str | None

    @property
    def perhaps_filed(self) -> bool:
        return self.state in PERHAPS_FILED


PERHAPS_FILED = frozenset({State.SUBMITTING, State.UNCERTAIN})
"""States in which a ticket may exist that nobody has written down."""

_in_hand = and_(requests.c.lease_until.is_not(None), HELD)
KNOWN = (
    select(requests.c.id, requests.c.state, _in_hand, tickets.c.system, tickets.c.number)
    .outerjoin(tickets, tickets.c.request == requests.c.id)
    .where(requests.c.id.in_(bindparam("keys", expanding=True)))
)
PERHAPS = (
    select(requests.c.id)
    .where(
        requests.c.route == bindparam("at"),
        requests.c.state.in_(PERHAPS_FILED),
        FREE,
    )
    .order_by(requests.c.id)
)
FILED = (
    select(tickets.c.request, tickets.c.number)
    .where(
        tickets.c.system == bindparam("at"),
        tickets.c.filed_at >= bindparam("since", type_=tickets.c.filed_at.type),
        exists().where(
            attempts.c.request == tickets.c.request, attempts.c.outcome == Outcome.FILED
        ),
    )
    .order_by(tickets.c.request)
)
ROW = select(requests).where(requests.c.id == bindparam("of"))
_subscription = func.coalesce(
    func.nullif(requests.c.body["subscription_id"].as_string(), ""),
    requests.c.verdict["fills"]["subscription_id"].as_string(),
)
SEEN = (
    select(requests.c.partner, requests.c.customer, _subscription)
    .where(
        requests.c.route == bindparam("at"),
        requests.c.state.not_in([State.RECEIVED, State.INCOMPLETE, State.HELD, State.REJECTED]),
    )
    .distinct()
)
SUBSCRIPTIONS = select(agents.c.partner, agents.c.azure_subscriptions).order_by(agents.c.partner)
TENANTS = select(customers.c.partner, customers.c.tenant).order_by(
    customers.c.partner, customers.c.tenant
)


def known(db: Connection, keys: Collection[str]) -> Mapping[str, Known]:
    """Give the requests that there are of these numbers."""
    whole = sorted(keys)
    parts = (whole[first : first + MOST] for first in range(0, len(whole), MOST))
    rows = (row for part in parts for row in db.execute(KNOWN, {"keys": part}))
    return {row[0]: Known(row[0], State(row[1]), bool(row[2]), row[3], row[4]) for row in rows}


def perhaps_filed(db: Connection, route: str) -> list[str]:
    """Give the requests in nobody's hands for which a ticket may exist that is not written down."""
    return list(db.execute(PERHAPS, {"at": route}).scalars())


def filed(db: Connection, system: str, since: datetime) -> Mapping[str, str]:
    """Give the numbers of the tickets that we filed at `since` or later, by request."""
    found = db.execute(FILED, {"at": system, "since": since})
    return {row.request: row.number for row in found}


def row(db: Connection, request: str) -> Row[Any]:
    return db.execute(ROW, {"of": request}).one()


def places(db: Connection, route: str) -> list[Place]:
    """Give where requests of the route were filed, then where agents may have filed others."""
    seen = [(row[0], row[1], row[2]) for row in db.execute(SEEN, {"at": route})]
    return list(dict.fromkeys([*seen, *_open_to_agents(db)]))


def _open_to_agents(db: Connection) -> Iterator[Place]:
    """Give every subscription with every tenant in which it may live."""
    tenants: dict[str, list[str | None]] = {}
    for row in db.execute(TENANTS):
        tenants.setdefault(row.partner, [None]).append(row.tenant)
    for row in db.execute(SUBSCRIPTIONS):
        of_partner = tenants.get(row.partner, [None])
        for each, tenant in product(row.azure_subscriptions, of_partner):
            yield row.partner, tenant, each
