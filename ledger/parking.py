"""Portals that are ill: counted while they fail, parked as a whole, tried by one request at a time.

A row is there while a portal is ill, under a name of its own (today the route of its requests).
While it is parked its requests are not due, but for the one that is appointed to try it. Never
calls a portal, and never looks at a clock but the database's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from ledger.clock import from_now, now
from ledger.hands import FREE
from ledger.states import State
from ledger.tables import parkings, requests


@dataclass(frozen=True, slots=True)
class Terms:
    """After how many failures in a row a portal is parked, and how long; the wait doubles."""

    failures: int
    first_s: float
    most_s: float

    def wait_s(self, failures: int) -> float:
        """Give how long the portal is left alone after so many failures in a row."""
        doublings = min(max(failures - self.failures, 0), 32)
        return min(math.ldexp(self.first_s, doublings), self.most_s)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a request met at a portal; `named_s` is the wait that the portal named, if it did."""

    portal: str
    request: str
    code: str
    named_s: float | None = None


@dataclass(frozen=True, slots=True)
class Parked:
    """A portal that nobody but its probe calls."""

    portal: str
    failures: int
    code: str
    until: datetime


# ---- Statements ----------------------------------------------------------------------------------

_files = requests.c.state.in_([State.QUEUED, State.SUBMITTING])
_theirs = and_(requests.c.route == parkings.c.name, _files)
_parked = parkings.c.parked_until.is_not(None)
MAY_GO = ~(
    select(parkings.c.name)
    .where(_theirs, _parked, parkings.c.probe.is_distinct_from(requests.c.id))
    .correlate(requests)
    .exists()
)
"""Of a request: its portal is not parked, or it is the one that tries it. Part of every claim."""

_longest = (  # whoever failed as a probe waits anew: the next one's turn comes
    select(requests.c.id)
    .where(_theirs, requests.c.due_at <= now(), FREE)
    .order_by(requests.c.due_at, requests.c.id)
    .limit(1)
    .correlate(parkings)
)
_trying = (
    select(requests.c.id)
    .where(requests.c.id == parkings.c.probe, _theirs, or_(requests.c.due_at <= now(), ~FREE))
    .correlate(parkings)
    .exists()
)
OVER = select(parkings.c.name).where(parkings.c.parked_until <= now()).with_for_update()
APPOINT = (  # asked of locked rows: another sweep may have been quicker
    update(parkings)
    .where(parkings.c.parked_until <= now(), ~_trying, _longest.exists())
    .values(probe=_longest.scalar_subquery())
    .returning(parkings.c.name, parkings.c.probe)
)
FRESH = (
    update(requests)
    .where(requests.c.id.in_(bindparam("probes", expanding=True)))
    .values(hinted_at=None)
)
_of = parkings.c.name == bindparam("of")
FIND = select(parkings).where(_of).with_for_update()
BEGIN = insert(parkings).values(failures=0).inline()
_until = from_now("wait_ms")
NOTE = (
    update(parkings)
    .where(_of)
    .values(
        failures=bindparam("in_a_row"),
        last=bindparam("request"),
        code=bindparam("new_code"),
        parked_until=case(
            (parkings.c.parked_until > _until, parkings.c.parked_until), else_=_until
        ),
        # Who was to try it leaves it alone as well when the portal names a time.
        probe=case(
            (
                or_(parkings.c.probe == bindparam("request"), bindparam("named", type_=Boolean)),
                None,
            ),
            else_=parkings.c.probe,
        ),
    )
    .returning(parkings.c.parked_until)
)
END = (
    delete(parkings)
    .where(_of, or_(~_parked, parkings.c.probe == bindparam("request")))
    .returning(parkings.c.parked_until)
)
PROBES = select(parkings.c.name).where(_of, _parked, parkings.c.probe == bindparam("request"))
ALL = (
    select(parkings.c.name, parkings.c.failures, parkings.c.code, parkings.c.parked_until)
    .where(_parked)
    .order_by(parkings.c.name)
)


# ---- Failing, trying, recovering -----------------------------------------------------------------


def failed(db: Connection, failure: Failure, terms: Terms) -> datetime | None:
    """Write down that a portal is ill; give until when it is parked for that, if it is.

    A request that fails again and again counts once: its order may be what ails. Who was under way
    when the portal was parked adds nothing, unless the portal named a time.
    """
    row = _row(db, failure)
    tried = row.probe == failure.request
    if failure.named_s is not None:
        return _note(db, failure, row.failures, failure.named_s)
    if row.parked_until is not None and not tried:
        return None
    in_a_row = row.failures + (tried or row.last != failure.request)
    parks = tried or in_a_row >= terms.failures
    return _note(db, failure, in_a_row, terms.wait_s(in_a_row) if parks else None)


def recovered(db: Connection, portal: str, request: str) -> bool:
    """Write down that the portal is well; whether that opened it.

    A parked portal is opened by its probe alone.
    """
    ended = db.execute(END, {"of": portal, "request": request}).one_or_none()
    return ended is not None and ended.parked_until is not None


def appoint(db: Connection) -> list[tuple[str, str]]:
    """Let one request try each portal whose time is over; give portals and requests.

    Whoever was appointed stays it until the call is over, even if its worker dies.
    """
    if not db.execute(OVER).all():
        return []
    found = [(row.name, row.probe) for row in db.execute(APPOINT)]
    if found:
        db.execute(FRESH, {"probes": [request for _, request in found]})
    return found


def is_probe(db: Connection, portal: str, request: str) -> bool:
    """Whether the request is the one that tries the portal, which is parked."""
    found = db.execute(PROBES, {"of": portal, "request": request})
    return found.one_or_none() is not None


def parked(db: Connection) -> list[Parked]:
    return [Parked(*row) for row in db.execute(ALL)]


def _row(db: Connection, failure: Failure) -> Row[Any]:
    found = db.execute(FIND, {"of": failure.portal}).one_or_none()
    if found is None:
        db.execute(BEGIN, {"name": failure.portal, "code": failure.code})
        found = db.execute(FIND, {"of": failure.portal}).one()
    return found


def _note(db: Connection, failure: Failure, in_a_row: int, wait_s: float | None) -> datetime | None:
    values = {
        "of": failure.portal,
        "request": failure.request,
        "new_code": failure.code,
        "in_a_row": in_a_row,
        "named": failure.named_s is not None,
        "wait_ms": None if wait_s is None else round(wait_s * 1000),
    }
    until: datetime | None = db.execute(NOTE, values).scalar_one()
    return until
