"""Events that nobody has looked at yet for single receivers, and the deliveries made out for them.

Each event is routed once, whatever is published again. Decides nothing: it is told the receivers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, bindparam, case, func, insert, literal, select, update

from ledger.clock import Instant, now
from ledger.tables import deliveries, outbox, requests

REPLY = "reply"
"""Whoever sent the request, as a receiver."""


@dataclass(frozen=True, slots=True)
class Unrouted:
    """An event, and where its request's sender asked for answers (`email`, `webhook`)."""

    position: int
    id: str
    type: str
    request: str | None
    body: bytes
    reply_to: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Way:
    """One receiver of one event."""

    event: str
    request: str | None
    way: str
    receiver: str
    source: str | None = None
    """Who is answered, where there is no request that tells it."""


UNROUTED = (
    select(
        outbox.c.position,
        outbox.c.id,
        outbox.c.type,
        outbox.c.request,
        outbox.c.body,
        requests.c.body["reply_to"].label("reply_to"),
    )
    .outerjoin(requests, requests.c.id == outbox.c.request)
    .where(outbox.c.routed_at.is_(None))
    .order_by(outbox.c.position)
    .limit(bindparam("most"))
)
ANY = select(outbox.c.position).where(outbox.c.routed_at.is_(None)).limit(1)
ROUTED = (
    update(outbox)
    .where(outbox.c.position.in_(bindparam("positions", expanding=True)))
    .values(routed_at=now())
)
_before = deliveries.alias("before")
_behind = (  # whoever waits behind a delivery is due no sooner than that
    select(func.max(_before.c.due_at))
    .where(
        _before.c.request == bindparam("of"),
        _before.c.way == bindparam("by"),
        _before.c.receiver == bindparam("to"),
        _before.c.ended_at.is_(None),
    )
    .scalar_subquery()
)
_source = func.coalesce(
    bindparam("answered", type_=String),
    select(requests.c.source).where(requests.c.id == bindparam("of")).scalar_subquery(),
)
_line = case(
    (literal(REPLY) == bindparam("to"), bindparam("by", type_=String) + ":" + _source),
    else_=bindparam("to", type_=String),
)
ADD = (
    insert(deliveries)
    .values(due_at=func.coalesce(_behind, now(), type_=Instant()), line=_line)
    .inline()
)
MADE_OUT = select(deliveries.c.event, deliveries.c.way, deliveries.c.receiver).where(
    deliveries.c.event.in_(bindparam("events", expanding=True))
)


def waits(db: Connection) -> bool:
    """Whether there is anything to route."""
    return db.execute(ANY).one_or_none() is not None


def unrouted(db: Connection, most: int) -> list[Unrouted]:
    """Give the oldest events that were not routed yet, at most so many."""
    return [Unrouted(*row) for row in db.execute(UNROUTED, {"most": most})]


def make_out(db: Connection, events: Collection[Unrouted], ways: Sequence[Way]) -> int:
    """Add the deliveries that are not there yet, and take the events as routed; give how many."""
    known = {tuple(row) for row in db.execute(MADE_OUT, {"events": [one.id for one in events]})}
    fresh = [one for one in ways if (one.event, one.way, one.receiver) not in known]
    for one in fresh:
        db.execute(ADD, _row(one))
    db.execute(ROUTED, {"positions": [one.position for one in events]})
    return len(fresh)


def _row(way: Way) -> dict[str, Any]:
    return {
        "event": way.event,
        "request": way.request,
        "way": way.way,
        "receiver": way.receiver,
        "of": way.request,
        "by": way.way,
        "to": way.receiver,
        "answered": way.source,
    }
