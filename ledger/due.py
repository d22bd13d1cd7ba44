"""What is due and in nobody's hands, in the order in which it is fair to do it.

Severity A before B before C; within a severity each partner in turn, so that a flood from one does
not delay another's. Hints nobody: it says what to hint.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select, update

from ledger.clock import from_now, now
from ledger.hands import FREE
from ledger.parking import MAY_GO
from ledger.states import State
from ledger.tables import requests

_waiting = (
    requests.c.due_at <= now(),
    FREE,
    MAY_GO,
    or_(requests.c.hinted_at.is_(None), requests.c.hinted_at < from_now("before_ms")),
)
_turns = select(
    requests.c.id,
    requests.c.severity,
    requests.c.due_at,
    func.row_number()
    .over(
        partition_by=(requests.c.queue, requests.c.severity, requests.c.partner),
        order_by=(requests.c.due_at, requests.c.id),
    )
    .label("turn"),
)
_found = _turns.where(
    requests.c.queue.in_(bindparam("queues", expanding=True)), *_waiting
).subquery("found")
_fair = (
    select(_found.c.id)
    .order_by(_found.c.severity, _found.c.turn, _found.c.due_at)
    .limit(bindparam("most"))
)
_taken = (  # asked again of the locked row: another sweep may have been quicker
    select(requests.c.id)
    .where(requests.c.id.in_(_fair), *_waiting)
    .with_for_update(skip_locked=True)
)
TAKE = (
    update(requests)
    .where(requests.c.id.in_(_taken))
    .values(hinted_at=now())
    .returning(
        requests.c.id,
        requests.c.queue,
        requests.c.severity,
        requests.c.partner,
        requests.c.due_at,
    )
)

PUT_BACK = (
    update(requests)
    .where(requests.c.id.in_(bindparam("ids", expanding=True)))
    .values(hinted_at=None)
)
_there = _turns.where(
    requests.c.route == bindparam("portal"),
    requests.c.state.in_([State.QUEUED, State.SUBMITTING]),
    requests.c.due_at <= now(),
    FREE,
).subquery("there")
_place = func.row_number().over(order_by=(_there.c.severity, _there.c.turn, _there.c.due_at))
_placed = select(_there.c.id, _place.label("place")).subquery("placed")
SPREAD = (
    update(requests)
    .where(  # asked again of the locked row: it may have ended meanwhile
        requests.c.id == _placed.c.id, requests.c.due_at <= now(), FREE
    )
    .values(
        due_at=from_now(_placed.c.place * bindparam("gap_ms", type_=BigInteger)),
        hinted_at=None,
    )
)


@dataclass(frozen=True, slots=True)
class Due:
    """A request that waits for a worker of `queue`."""

    id: str
    queue: str
    severity: str
    partner: str | None
    due_at: datetime


def take(db: Connection, queues: Sequence[str], *, most: int, hinted_before_s: float) -> list[Due]:
    """Give what is due in these queues and was not hinted in the last `hinted_before_s` seconds."""
    found = db.execute(
        TAKE,
        {"queues": list(queues), "most": most, "before_ms": -round(hinted_before_s * 1000)},
    )
    return _in_turn([Due(*row) for row in found])


def put_back(db: Connection, numbers: Sequence[str]) -> None:
    """Take these as not hinted: Redis did not take the hints, and the next sweep tries again."""
    db.execute(PUT_BACK, {"ids": list(numbers)})


def spread(db: Connection, portal: str, *, per_s: float) -> int:
    """Put what has become due for a portal into a row, so many a second; give how many."""
    return db.execute(SPREAD, {"portal": portal, "gap_ms": round(1000 / per_s)}).rowcount


def _in_turn(found: Sequence[Due]) -> list[Due]:
    """Put into fair order what the database gave back in any: each partner's first, then second."""
    turns: Counter[tuple[str, str, str | None]] = Counter()
    ordered: list[tuple[str, int, Due]] = []
    for one in sorted(found, key=lambda due: (due.due_at, due.id)):
        whose = (one.queue, one.severity, one.partner)
        turns[whose] += 1
        ordered.append((one.severity, turns[whose], one))
    return [one for _, _, one in sorted(ordered, key=lambda each: each[:2])]
