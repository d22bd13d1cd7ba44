"""Deliveries: an event to a receiver, claimed by one process at a time, in order for each request.

A claim has a lease and a fence as that of a request; waits are rows by the database's clock. A
delivery is open until it is sent, given up or dropped, and nothing behind it goes before that.
Sends nothing itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    String,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    update,
)

from ledger.clock import from_now, now
from ledger.tables import deliveries, outbox, webhooks
from ledger.webhooks import HOOK


class Outcome(StrEnum):
    """How a delivery ended."""

    SENT = "sent"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"
    """Nobody wants it any more."""


class Overtaken(Exception):
    """Another process has claimed the delivery since: nothing may be written for it here."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one receiver, in this process's hands until the lease ends."""

    position: int
    event: str
    """The event's id: the same each time, whoever sends it."""
    type: str
    request: str | None
    way: str
    receiver: str
    attempts: int
    """This one included."""
    fence: int
    line: str
    """Deliveries of one line are carried one after the other: one receiver, or one sender."""
    age_s: float
    """Since the event was told."""
    body: bytes = field(repr=False)
    """The CloudEvent."""

    @property
    def hook(self) -> str | None:
        """The registered webhook's name, if it goes to one."""
        return self.receiver.removeprefix(HOOK) if self.receiver.startswith(HOOK) else None


# ---- Statements ----------------------------------------------------------------------------------

_earlier = deliveries.alias("earlier")
_free = or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until < now())
_ready = (
    deliveries.c.ended_at.is_(None),
    deliveries.c.due_at <= now(),
    _free,
    ~exists().where(
        _earlier.c.request == deliveries.c.request,
        _earlier.c.way == deliveries.c.way,
        _earlier.c.receiver == deliveries.c.receiver,
        _earlier.c.position < deliveries.c.position,
        _earlier.c.ended_at.is_(None),
    ),
)
# Which lines there are is asked of the index line by line: a backlog of one is not looked through.
_each = deliveries.alias("each")
_lines = (
    select(func.min(_each.c.line).label("line"))
    .where(_each.c.ended_at.is_(None))
    .cte("lines", recursive=True)
)
_lines = _lines.union_all(
    select(
        select(func.min(_each.c.line))
        .where(_each.c.ended_at.is_(None), _each.c.line > _lines.c.line)
        .scalar_subquery()
    ).where(_lines.c.line.is_not(None))
)
_oldest = (
    select(func.min(_each.c.due_at))
    .where(_each.c.ended_at.is_(None), _each.c.line == _lines.c.line)
    .scalar_subquery()
)
LINES = select(_lines.c.line).where(_oldest <= now()).order_by(_oldest)
NEXT = (
    select(deliveries.c.position)
    .where(
        *_ready,
        deliveries.c.line == bindparam("line"),
        deliveries.c.way.in_(bindparam("ways", expanding=True)),
    )
    .order_by(deliveries.c.due_at, deliveries.c.position)
    .limit(1)
)
CLAIM = (
    update(deliveries)
    .where(deliveries.c.position.in_(bindparam("positions", expanding=True)), *_ready)
    .values(
        lease_owner=bindparam("owner"),
        lease_until=from_now("lease_ms"),
        fence=deliveries.c.fence + 1,
        attempts=deliveries.c.attempts + 1,
    )
    .returning(deliveries.c.position)
)
CLAIMED = (
    select(
        deliveries.c.position,
        deliveries.c.event,
        outbox.c.type,
        deliveries.c.request,
        deliveries.c.way,
        deliveries.c.receiver,
        deliveries.c.attempts,
        deliveries.c.fence,
        deliveries.c.line,
        outbox.c.created_at,
        now().label("now"),
        outbox.c.body,
    )
    .join(outbox, outbox.c.id == deliveries.c.event)
    .where(deliveries.c.position.in_(bindparam("positions", expanding=True)))
    .order_by(deliveries.c.position)
)
RENEW = (
    update(deliveries)
    .where(
        deliveries.c.lease_owner == bindparam("owner"),
        deliveries.c.position.in_(bindparam("positions", expanding=True)),
        deliveries.c.lease_until >= now(),
    )
    .values(lease_until=from_now("lease_ms"))
)
_held = (
    deliveries.c.position == bindparam("which"),
    deliveries.c.fence == bindparam("held_fence"),
    deliveries.c.ended_at.is_(None),
)
_over: dict[str, Any] = {
    "due_at": None,
    "lease_owner": None,
    "lease_until": None,
    "ended_at": now(),
}
END = (
    update(deliveries)
    .where(*_held)
    .values(
        **_over,
        outcome=bindparam("how"),
        code=bindparam("to_code", type_=String),
        message=bindparam("to_message", type_=String),
    )
)
_disabled = exists().where(
    webhooks.c.name == bindparam("hook", type_=String), webhooks.c.disabled_at.is_not(None)
)
AGAIN = (
    update(deliveries)
    .where(*_held)
    .values(
        due_at=case((_disabled, None), else_=from_now("wait_ms")),
        lease_owner=None,
        lease_until=None,
        attempts=deliveries.c.attempts - bindparam("unspent", type_=Integer),
        code=bindparam("to_code", type_=String),
        message=bindparam("to_message", type_=String),
    )
)
BEHIND = (  # nothing is looked at in vain while what goes before it waits
    update(deliveries)
    .where(
        deliveries.c.request == bindparam("of"),
        deliveries.c.way == bindparam("by"),
        deliveries.c.receiver == bindparam("to"),
        deliveries.c.position > bindparam("which"),
        deliveries.c.due_at.is_not(None),
    )
    .values(due_at=from_now("wait_ms"))
)
_open = (deliveries.c.line == bindparam("to"), deliveries.c.ended_at.is_(None))
HOLD = update(deliveries).where(*_open, _free).values(due_at=None)
RELEASE = update(deliveries).where(*_open).values(due_at=now(), attempts=0)
DROP = (
    update(deliveries)
    .where(*_open)
    .values(
        **_over,
        fence=deliveries.c.fence + 1,
        outcome=Outcome.DROPPED,
        code=bindparam("why", type_=String),
    )
)


# ---- Claims and ends -----------------------------------------------------------------------------


def waits(db: Connection, ways: Collection[str], busy: Collection[str]) -> bool:
    """Whether anything is due by these ways, of lines other than those that are busy."""
    return next(_due(db, ways, busy), None) is not None


def claim(
    db: Connection,
    *,
    owner: str,
    lease_s: float,
    ways: Collection[str],
    busy: Collection[str],
    most: int,
) -> list[Delivery]:
    """Take what is due by these ways, one of each line and none of the lines that are `busy`."""
    return _taken(db, list(islice(_due(db, ways, busy), most)), owner, lease_s)


def claim_next(db: Connection, before: Delivery, *, owner: str, lease_s: float) -> Delivery | None:
    """Take what is due next of the same line."""
    found = _next(db, before.line, [before.way])
    return next(iter(_taken(db, [] if found is None else [found], owner, lease_s)), None)


def _due(db: Connection, ways: Collection[str], busy: Collection[str]) -> Iterator[int]:
    """Give what is due next of each line that is not busy, what is due longest first."""
    for line in db.execute(LINES).scalars().all():
        if line not in busy and (found := _next(db, line, ways)) is not None:
            yield found


def _next(db: Connection, line: str, ways: Collection[str]) -> int | None:
    return db.execute(NEXT, {"line": line, "ways": list(ways)}).scalar()


def _taken(db: Connection, positions: Sequence[int], owner: str, lease_s: float) -> list[Delivery]:
    if not positions:
        return []
    values = {"positions": list(positions), "owner": owner, "lease_ms": _ms(lease_s)}
    ours = list(db.execute(CLAIM, values).scalars())
    return [_delivery(row) for row in db.execute(CLAIMED, {"positions": ours})] if ours else []


def _delivery(row: Any) -> Delivery:
    age: datetime = row.now
    return Delivery(
        position=row.position,
        event=row.event,
        type=row.type,
        request=row.request,
        way=row.way,
        receiver=row.receiver,
        attempts=row.attempts,
        fence=row.fence,
        line=row.line,
        age_s=(age - row.created_at).total_seconds(),
        body=row.body,
    )


def renew(db: Connection, owner: str, held: Collection[Delivery], lease_s: float) -> None:
    """Put off the end of the leases that this process still holds."""
    positions = [delivery.position for delivery in held]
    if positions:
        db.execute(RENEW, {"owner": owner, "positions": positions, "lease_ms": _ms(lease_s)})


def end(
    db: Connection, delivery: Delivery, how: Outcome, code: str | None = None, message: str = ""
) -> None:
    """Close the delivery; raise `Overtaken` if it is no longer ours."""
    values = {**_ours(delivery), "how": how, "to_code": code, "to_message": message or None}
    if db.execute(END, values).rowcount == 0:
        raise Overtaken


def again(
    db: Connection,
    delivery: Delivery,
    *,
    wait_s: float,
    spent: bool,
    code: str | None,
    message: str | None,
) -> None:
    """Make the delivery due after a while, and what is behind it no sooner; raise as `end` does.

    What goes to a disabled webhook waits until that is enabled. A try that is not `spent` does
    not count.
    """
    wait_ms = _ms(wait_s)
    values = {
        **_ours(delivery),
        "hook": delivery.hook,
        "wait_ms": wait_ms,
        "unspent": 0 if spent else 1,
        "to_code": code,
        "to_message": message,
    }
    if db.execute(AGAIN, values).rowcount == 0:
        raise Overtaken
    if delivery.request is not None:
        behind = {
            "of": delivery.request,
            "by": delivery.way,
            "to": delivery.receiver,
            "which": delivery.position,
            "wait_ms": wait_ms,
        }
        db.execute(BEHIND, behind)


def _ours(delivery: Delivery) -> dict[str, int]:
    return {"which": delivery.position, "held_fence": delivery.fence}


# ---- A receiver's open deliveries ----------------------------------------------------------------


def hold(db: Connection, receiver: str) -> None:
    """Let what is open wait until it is released; what is in somebody's hands, later."""
    db.execute(HOLD, {"to": receiver})


def release(db: Connection, receiver: str) -> int:
    """Make what is open due now, as if it had never been tried; give how many."""
    return db.execute(RELEASE, {"to": receiver}).rowcount


def drop(db: Connection, receiver: str, why: str) -> int:
    """Close what is open without sending it; give how many."""
    return db.execute(DROP, {"to": receiver, "why": why}).rowcount


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
