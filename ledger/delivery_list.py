"""Deliveries as operators see them: listed, counted, and opened again when they were given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from ledger.clock import now
from ledger.deliveries import Outcome
from ledger.tables import deliveries, outbox

OPEN = "open"
STATES = (OPEN, *Outcome)
"""What a delivery is: open, or how it ended."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list."""

    number: int
    event: str
    type: str
    request: str | None
    way: str
    receiver: str
    state: str
    attempts: int
    due_at: datetime | None
    """None for one that is over, or whose webhook is disabled."""
    ended_at: datetime | None
    code: str | None
    message: str | None


_state = func.coalesce(deliveries.c.outcome, OPEN)
LIST = (
    select(
        deliveries.c.position,
        deliveries.c.event,
        outbox.c.type,
        deliveries.c.request,
        deliveries.c.way,
        deliveries.c.receiver,
        _state.label("state"),
        deliveries.c.attempts,
        deliveries.c.due_at,
        deliveries.c.ended_at,
        deliveries.c.code,
        deliveries.c.message,
    )
    .join(outbox, outbox.c.id == deliveries.c.event)
    .where(deliveries.c.position > bindparam("after"))
    .order_by(deliveries.c.position)
    .limit(bindparam("most"))
)
FILTERS = {
    "state": _state,
    "receiver": deliveries.c.receiver,
    "request": deliveries.c.request,
    "way": deliveries.c.way,
    "code": deliveries.c.code,
}
COUNTS = select(_state, func.count()).group_by(_state)
RETRY = (
    update(deliveries)
    .where(deliveries.c.outcome == Outcome.GIVEN_UP)
    .values(due_at=now(), ended_at=None, outcome=None, attempts=0)
)


def listing(
    db: Connection, equal: Mapping[str, str | None], *, most: int, after: int
) -> list[Line]:
    """Give the deliveries that fit, oldest first, from behind number `after`."""
    query: Select[Any] = LIST
    for name, value in equal.items():
        if value is not None:
            query = query.where(FILTERS[name] == value)
    return [Line(*row) for row in db.execute(query, {"after": after, "most": most})]


def counts(db: Connection) -> dict[str, int]:
    """Give how many there are in each state."""
    return {str(row[0]): int(row[1]) for row in db.execute(COUNTS)}


def retry(db: Connection, equal: Mapping[str, Any], numbers: Sequence[int]) -> int:
    """Make due again what was given up and fits; give how many."""
    query = RETRY
    for name, value in equal.items():
        if value is not None:
            query = query.where(FILTERS[name] == value)
    if numbers:
        query = query.where(deliveries.c.position.in_(numbers))
    return db.execute(query).rowcount
