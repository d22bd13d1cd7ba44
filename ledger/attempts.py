"""Attempts at a portal: the intention is written before the call, the outcome after it.

At most one attempt of a request is open (an index says so); an open one that nobody holds any
more means that the ticket may exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, select, update

from ledger.clock import now
from ledger.requests import Claim, Fenced
from ledger.tables import attempts, requests


class Outcome(StrEnum):
    """How an attempt ended."""

    FILED = "filed"
    LATER = "later"
    REFUSED = "refused"
    ABSENT = "absent"
    """Looked up after a lost answer, and proven not to be there."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt whose outcome is not known yet."""

    number: int
    key: str
    token: str | None
    started_at: datetime

    def settles_at(self, after_s: float) -> datetime:
        """Give the moment from which the portal shows whatever this attempt left there."""
        return self.started_at + timedelta(seconds=after_s)


OPEN = select(attempts.c.number, attempts.c.key, attempts.c.token, attempts.c.started_at).where(
    attempts.c.request == bindparam("of"), attempts.c.outcome.is_(None)
)
LAST = select(func.coalesce(func.max(attempts.c.number), 0)).where(
    attempts.c.request == bindparam("of")
)
BEGIN = attempts.insert().inline()
_still_held = (
    select(requests.c.id)
    .where(requests.c.id == bindparam("of"), requests.c.fence == bindparam("held_fence"))
    .exists()
)
NOTE = (
    update(attempts)
    .where(
        attempts.c.request == bindparam("of"),
        attempts.c.number == bindparam("nth"),
        attempts.c.outcome.is_(None),
        _still_held,
    )
    .values(token=bindparam("new_token"))
)
FINISH = (
    update(attempts)
    .where(
        attempts.c.request == bindparam("of"),
        attempts.c.number == bindparam("nth"),
        attempts.c.outcome.is_(None),
        _still_held,
    )
    .values(
        outcome=bindparam("ended"),
        code=bindparam("new_code"),
        message=bindparam("new_message"),
        finished_at=now(),
    )
)


def unfinished(db: Connection, request: str) -> Attempt | None:
    row = db.execute(OPEN, {"of": request}).one_or_none()
    return None if row is None else Attempt(*row)


def begin(db: Connection, claim: Claim, portal: str) -> Attempt:
    """Write the intention to file the claimed request at `portal`, under the request's number."""
    number = db.execute(LAST, {"of": claim.id}).scalar_one() + 1
    db.execute(
        BEGIN,
        {
            "request": claim.id,
            "number": number,
            "portal": portal,
            "key": claim.id,
            "started_at": claim.now,
        },
    )
    return Attempt(number, claim.id, None, claim.now)


def note_token(db: Connection, claim: Claim, number: int, token: str) -> None:
    """Keep where to go on waiting; raise `Fenced` when the request is in other hands."""
    values = {"of": claim.id, "held_fence": claim.fence, "nth": number, "new_token": token}
    if db.execute(NOTE, values).rowcount == 0:
        raise Fenced(claim.id)


def finish(
    db: Connection,
    claim: Claim,
    number: int,
    outcome: Outcome,
    *,
    code: str | None = None,
    message: str | None = None,
) -> None:
    """Write how the attempt ended; raise `Fenced` when the request is in other hands."""
    found = db.execute(
        FINISH,
        {
            "of": claim.id,
            "held_fence": claim.fence,
            "nth": number,
            "ended": outcome,
            "new_code": code,
            "new_message": message,
        },
    )
    if found.rowcount == 0:
        raise Fenced(claim.id)
