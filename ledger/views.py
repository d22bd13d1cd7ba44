"""Read-only views for people: lists, one request's whole story, balances. Never shows a secret."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Select, bindparam, func, literal, select, tuple_

from ledger.tables import (
    attempts,
    contracts,
    entries,
    history,
    outbox,
    requests,
    tickets,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which requests a list shows; None does not filter."""

    state: str | None = None
    partner: str | None = None
    route: str | None = None
    code: str | None = None
    contract: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list."""

    id: str
    state: str
    partner: str | None
    product: str | None
    severity: str
    route: str | None
    contract: str | None
    code: str | None
    title: str | None
    ticket: str | None
    received_at: datetime
    updated_at: datetime
    source: str
    sender_id: str

    @property
    def mark(self) -> str:
        """Where the next page starts."""
        return f"{self.received_at.isoformat()}|{self.id}"

    @property
    def version(self) -> str:
        """What changes with each move."""
        return _version(self.state, self.updated_at)


@dataclass(frozen=True, slots=True)
class Told:
    """An event in a list; `published_at` is None while it waits to be published."""

    position: int
    id: str
    type: str
    request: str | None
    sequence: int | None
    created_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Balance:
    """A contract's account; `available` is None where incidents are not counted."""

    contract: str
    partner: str
    name: str
    kind: str
    activation: str
    expires_on: str | None
    balance: int | None
    reserved: int | None
    available: int | None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything known of one request."""

    line: Line
    attempts_spent: int
    incidents: int
    due_at: datetime | None
    verdict: Mapping[str, Any] | None
    ticket: Mapping[str, Any] | None
    history: Sequence[Mapping[str, Any]] = field(default=())
    attempts: Sequence[Mapping[str, Any]] = field(default=())
    entries: Sequence[Mapping[str, Any]] = field(default=())
    events: Sequence[Mapping[str, Any]] = field(default=())


_line = (
    requests.c.id,
    requests.c.state,
    requests.c.partner,
    requests.c.product,
    requests.c.severity,
    requests.c.route,
    contracts.c.name.label("contract"),
    requests.c.code,
    requests.c.title,
    tickets.c.number.label("ticket"),
    requests.c.received_at,
    requests.c.updated_at,
    requests.c.source,
    requests.c.sender_id,
)
_from = requests.outerjoin(tickets, tickets.c.request == requests.c.id).outerjoin(
    contracts, contracts.c.id == requests.c.contract
)
COUNTS = select(requests.c.state, func.count().label("number")).group_by(requests.c.state)
ONE = (
    select(
        *_line,
        requests.c.attempts,
        requests.c.incidents,
        requests.c.due_at,
        requests.c.verdict,
        tickets.c.system,
        tickets.c.url,
        tickets.c.severity.label("ticket_severity"),
        tickets.c.first_response_due,
    )
    .select_from(_from)
    .where(requests.c.id == bindparam("of"))
)
HISTORY = (
    select(history.c.at, history.c.origin, history.c.state, history.c.why, history.c.who)
    .where(history.c.request == bindparam("of"))
    .order_by(history.c.position)
)
ATTEMPTS = (
    select(
        attempts.c.number,
        attempts.c.portal,
        attempts.c.started_at,
        attempts.c.finished_at,
        attempts.c.outcome,
        attempts.c.code,
        attempts.c.message,
    )
    .where(attempts.c.request == bindparam("of"))
    .order_by(attempts.c.number)
)
ENTRIES = (
    select(
        entries.c.id,
        contracts.c.name.label("contract"),
        entries.c.kind,
        entries.c.amount,
        entries.c.balance,
        entries.c.at,
        entries.c.who,
        entries.c.why,
    )
    .join(contracts, contracts.c.id == entries.c.contract)
    .order_by(entries.c.position)
)
EVENTS = (
    select(outbox.c.body, outbox.c.published_at)
    .where(outbox.c.request == bindparam("of"))
    .order_by(outbox.c.sequence)
)
VERSIONS = select(requests.c.id, requests.c.state, requests.c.updated_at).where(
    requests.c.id.in_(bindparam("ids", expanding=True))
)
TOLD = select(
    outbox.c.position,
    outbox.c.id,
    outbox.c.type,
    outbox.c.request,
    outbox.c.sequence,
    outbox.c.created_at,
    outbox.c.published_at,
).order_by(outbox.c.position)
BALANCES = select(contracts).order_by(contracts.c.partner, contracts.c.name)


def listing(db: Connection, chosen: Filter, *, most: int, after: str | None = None) -> list[Line]:
    """Give a page of requests, oldest first, that starts behind the line marked `after`."""
    query = select(*_line).select_from(_from).where(*_conditions(chosen))
    if after is not None:
        at, _, last = after.partition("|")
        moment = literal(datetime.fromisoformat(at), requests.c.received_at.type)
        query = query.where(
            tuple_(requests.c.received_at, requests.c.id) > tuple_(moment, literal(last))
        )
    query = query.order_by(requests.c.received_at, requests.c.id).limit(most)
    return [Line(*tuple(row)) for row in db.execute(query)]


def _conditions(chosen: Filter) -> list[Any]:
    equal = {
        requests.c.state: chosen.state,
        requests.c.partner: chosen.partner,
        requests.c.route: chosen.route,
        requests.c.code: chosen.code,
        contracts.c.name: chosen.contract,
    }
    conditions = [column == value for column, value in equal.items() if value is not None]
    if chosen.since is not None:
        conditions.append(requests.c.received_at >= chosen.since)
    if chosen.until is not None:
        conditions.append(requests.c.received_at < chosen.until)
    return conditions


def counts(db: Connection) -> dict[str, int]:
    """Give how many requests stand in each state that has any."""
    return {row.state: row.number for row in db.execute(COUNTS)}


def story(db: Connection, request: str) -> Story | None:
    """Give everything known of a request; None when there is none of that number."""
    row = db.execute(ONE, {"of": request}).one_or_none()
    if row is None:
        return None
    of_request = ENTRIES.where(entries.c.request == request)
    return Story(
        line=Line(*tuple(row)[: len(_line)]),
        attempts_spent=row.attempts,
        incidents=row.incidents,
        due_at=row.due_at,
        verdict=row.verdict,
        ticket=_ticket(row),
        history=_mappings(db, HISTORY, of=request),
        attempts=_mappings(db, ATTEMPTS, of=request),
        entries=_mappings(db, of_request),
        events=[
            {**orjson.loads(event.body), "published_at": event.published_at}
            for event in db.execute(EVENTS, {"of": request})
        ],
    )


def _ticket(row: Any) -> dict[str, Any] | None:
    if row.ticket is None:
        return None
    return {
        "system": row.system,
        "number": row.ticket,
        "url": row.url,
        "severity": row.ticket_severity,
        "first_response_due": row.first_response_due,
    }


def _mappings(db: Connection, query: Select[Any], **values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(query, values).mappings()]


def versions(db: Connection, numbers: Collection[str]) -> dict[str, str]:
    """Give the version of each of these requests that there is."""
    found = db.execute(VERSIONS, {"ids": list(numbers)})
    return {row.id: _version(row.state, row.updated_at) for row in found}


def _version(state: str, updated_at: datetime) -> str:
    return f"{state}-{round(updated_at.timestamp() * 1000)}"


def events(
    db: Connection,
    *,
    most: int,
    after: int = 0,
    since: datetime | None = None,
    kind: str | None = None,
    request: str | None = None,
) -> list[Told]:
    """Give a page of events, oldest first, that starts behind position `after`."""
    query = TOLD.where(outbox.c.position > after).limit(most)
    if since is not None:
        query = query.where(outbox.c.created_at >= since)
    for column, value in ((outbox.c.type, kind), (outbox.c.request, request)):
        if value is not None:
            query = query.where(column == value)
    return [Told(*row) for row in db.execute(query)]


def balances(db: Connection) -> list[Balance]:
    return [
        Balance(
            contract=row.id,
            partner=row.partner,
            name=row.name,
            kind=row.kind,
            activation=row.activation,
            expires_on=None if row.expires_on is None else row.expires_on.isoformat(),
            balance=row.balance if row.counted else None,
            reserved=row.reserved if row.counted else None,
            available=row.balance - row.reserved if row.counted else None,
        )
        for row in db.execute(BALANCES)
    ]


def account(db: Connection) -> list[dict[str, Any]]:
    """Give every entry of the account, oldest first."""
    return _mappings(db, ENTRIES)
