"""Attempts at a portal: the intention is written before the call, the outcome after it.

At most one attempt of a request is open (an index says so); an open one that nobody holds any
more means that the ticket may exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Integer, String, bindparam, func, select, update

from ledger.clock import now
from ledger.requests import Claim, Fenced
from ledger.tables import attempts, parkings, requests


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
    looked_at: datetime | None
    """When it was first looked up: whoever made it had ended by then, or had lost its lease."""

    def shows(self, at: datetime, after_s: float) -> bool:
        """Whether at this moment the portal shows whatever this attempt left there."""
        if after_s == 0:
            return True
        return self.looked_at is not None and at >= self.looked_at + timedelta(seconds=after_s)


OPEN = select(attempts.c.number, attempts.c.key, attempts.c.token, attempts.c.looked_at).where(
    attempts.c.request == bindparam("of"), attempts.c.outcome.is_(None)
)
LAST = select(func.coalesce(func.max(attempts.c.number), 0)).where(
    attempts.c.request == bindparam("of")
)
BEGIN = (
    attempts.insert()
    .from_select(
        ["request", "number", "portal", "key", "started_at"],
        select(
            requests.c.id,
            bindparam("nth", type_=Integer),
            bindparam("at_portal", type_=String),
            requests.c.id,
            now(),
        )
        .where(requests.c.id == bindparam("of"), requests.c.fence == bindparam("held_fence"))
        .with_for_update(),
    )
    .returning(attempts.c.started_at)
)
_still_held = (
    select(requests.c.id)
    .where(requests.c.id == bindparam("of"), requests.c.fence == bindparam("held_fence"))
    .exists()
)
_open_and_held = (
    attempts.c.request == bindparam("of"),
    attempts.c.number == bindparam("nth"),
    attempts.c.outcome.is_(None),
    _still_held,
)
_ails = (
    select(parkings.c.name)
    .where(parkings.c.name == attempts.c.portal)
    .correlate(attempts)
    .scalar_subquery()
    .label("ails")
)
NOTE = update(attempts).where(*_open_and_held).values(token=bindparam("new_token"))
LOOKED = (
    update(attempts)
    .where(*_open_and_held)
    .values(
        lookups=attempts.c.lookups + 1,
        looked_at=func.coalesce(attempts.c.looked_at, now()),
    )
    .returning(attempts.c.lookups)
)
FINISH = (
    update(attempts)
    .where(*_open_and_held)
    .values(
        outcome=bindparam("ended"),
        code=bindparam("new_code"),
        message=bindparam("new_message"),
        finished_at=now(),
    )
    .returning(_ails)
)


def unfinished(db: Connection, request: str) -> Attempt | None:
    row = db.execute(OPEN, {"of": request}).one_or_none()
    return None if row is None else Attempt(*row)


def begin(db: Connection, claim: Claim, portal: str) -> Attempt:
    """Write the intention to file the claimed request at `portal`, under the request's number.

    Raises `Fenced` when the request is in other hands.
    """
    number = db.execute(LAST, {"of": claim.id}).scalar_one() + 1
    values = {"of": claim.id, "held_fence": claim.fence, "nth": number, "at_portal": portal}
    started_at = db.execute(BEGIN, values).scalar_one_or_none()
    if started_at is None:
        raise Fenced(claim.id)
    return Attempt(number, claim.id, None, None)


def note_token(db: Connection, claim: Claim, number: int, token: str) -> None:
    """Keep where to go on waiting; raise `Fenced` when the request is in other hands."""
    values = {"of": claim.id, "held_fence": claim.fence, "nth": number, "new_token": token}
    if db.execute(NOTE, values).rowcount == 0:
        raise Fenced(claim.id)


def looked(db: Connection, claim: Claim, number: int) -> int:
    """Count a look-up that told nothing; give how many there were. Raise `Fenced` as `finish`."""
    values = {"of": claim.id, "held_fence": claim.fence, "nth": number}
    counted = db.execute(LOOKED, values).scalar_one_or_none()
    if counted is None:
        raise Fenced(claim.id)
    return int(counted)


def finish(
    db: Connection,
    claim: Claim,
    number: int,
    outcome: Outcome,
    *,
    code: str | None = None,
    message: str | None = None,
) -> bool:
    """Write how the attempt ended; say whether its portal had been ill until then.

    Raises `Fenced` when the request is in other hands.
    """
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
    ).one_or_none()
    if found is None:
        raise Fenced(claim.id)
    return found.ails is not None
