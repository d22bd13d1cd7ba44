"""Requests: claimed by one worker at a time, moved by the table of states.

Every move writes state, history and events in the caller's unit of work; a write whose fence has
been overtaken raises `Fenced` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Connection,
    Row,
    String,
    bindparam,
    case,
    select,
    update,
)

from ledger import outbox
from ledger.clock import from_now, now
from ledger.hands import FREE
from ledger.outbox import Cause, Note, Postbox
from ledger.parking import MAY_GO
from ledger.states import State, check
from ledger.tables import history, requests

ASSESS = "assess"
SYSTEM = "toritsugi"


class Fenced(Exception):
    """Another worker has claimed the request since: nothing may be written for it here."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A request in this worker's hands until the lease ends."""

    id: str
    state: State
    fence: int
    deliveries: int
    attempts: int
    now: datetime
    row: Row[Any]

    @property
    def cause(self) -> Cause:
        row = self.row
        extra, replies = row.body.get("extra", {}), bool(row.body.get("reply_to"))
        return Cause(
            self.id, row.source, row.sender_id, row.partner, row.traceparent, extra, replies
        )


@dataclass(frozen=True, slots=True)
class Move:
    """One step along the table of states."""

    to: State
    why: str
    who: str = SYSTEM
    notes: Sequence[Note] = ()
    queue: str | None = None
    """Whose workers go on; None leaves it as it is."""
    wait_s: float | None = None
    """Seconds until a machine goes on; None when only a person or a sender can."""
    spent: int = 0
    """Attempts spent at the portal by this step."""
    code: str | None = None
    keep: bool = False
    """Whether the claim goes on: the lease stays with this worker."""
    hinted: bool = True
    """Whether the caller will hint the workers itself; otherwise the sweep does, in fair order."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a verdict means for the request's row."""

    route: str | None
    contract: str | None
    incidents: int
    verdict: Mapping[str, Any]


# ---- Statements ----------------------------------------------------------------------------------

TELL = history.insert().inline()

CLAIM = (
    update(requests)
    .where(
        requests.c.id == bindparam("request"),
        requests.c.state.in_(bindparam("states", expanding=True)),
        requests.c.due_at <= now(),
        FREE,
        MAY_GO,
        requests.c.deliveries != bindparam("spared"),
    )
    .values(
        lease_until=from_now("lease_ms"),
        lease_owner=bindparam("owner"),
        fence=requests.c.fence + 1,
        deliveries=requests.c.deliveries + 1,
        hinted_at=None,
    )
    .returning(requests, now().label("now"))
)
SUSPECT = select(requests.c.queue).where(
    requests.c.id == bindparam("request"),
    requests.c.state.in_(bindparam("states", expanding=True)),
    requests.c.due_at <= now(),
    FREE,
    MAY_GO,
    requests.c.deliveries == bindparam("times"),
)
_held = (
    requests.c.id == bindparam("request"),
    requests.c.fence == bindparam("held_fence"),
    requests.c.state == bindparam("origin"),
)
MOVE = (
    update(requests)
    .where(*_held)
    .values(
        state=bindparam("to"),
        queue=bindparam("to_queue", type_=String),
        due_at=from_now("wait_ms"),
        hinted_at=case((bindparam("hinted", type_=Boolean), now()), else_=None),
        lease_until=case((bindparam("keep", type_=Boolean), requests.c.lease_until), else_=None),
        lease_owner=case((bindparam("keep", type_=Boolean), requests.c.lease_owner), else_=None),
        deliveries=0,
        attempts=requests.c.attempts + bindparam("spent"),
        sequence=requests.c.sequence + bindparam("said"),
        code=bindparam("to_code", type_=String),
        updated_at=now(),
    )
    .returning(requests.c.sequence, now().label("now"))
)
POSTPONE = (
    update(requests)
    .where(*_held)
    .values(
        due_at=from_now("wait_ms"),
        hinted_at=None,
        lease_until=None,
        lease_owner=None,
        deliveries=0,
    )
)
SPEND = update(requests).where(*_held).values(attempts=requests.c.attempts + 1)
HAND_BACK = (
    update(requests)
    .where(
        requests.c.id == bindparam("request"),
        requests.c.fence == bindparam("held_fence"),
        requests.c.lease_until.is_not(None),
    )
    .values(
        due_at=from_now("wait_ms"),
        lease_until=None,
        lease_owner=None,
        # A move of this claim has begun to count anew.
        deliveries=case((requests.c.deliveries > 0, requests.c.deliveries - 1), else_=0),
    )
)
SEIZE = (
    update(requests)
    .where(
        requests.c.id == bindparam("request"),
        requests.c.state.in_(bindparam("states", expanding=True)),
    )
    .values(fence=requests.c.fence + 1, lease_until=None, lease_owner=None)
    .returning(requests, now().label("now"))
)
SEIZE_FREE = SEIZE.where(FREE)
DECIDE = (
    update(requests)
    .where(requests.c.id == bindparam("request"))
    .values(
        decisions=requests.c.decisions + 1,
        route=bindparam("to_route", type_=String),
        contract=bindparam("to_contract", type_=String),
        incidents=bindparam("to_incidents"),
        verdict=bindparam("to_verdict", type_=requests.c.verdict.type),
    )
)
RENEW = (
    update(requests)
    .where(
        requests.c.lease_owner == bindparam("owner"),
        requests.c.id.in_(bindparam("ids", expanding=True)),
        requests.c.lease_until >= now(),
    )
    .values(lease_until=from_now("lease_ms"))
)
STATE = select(requests.c.state).where(requests.c.id == bindparam("request"))
WAKE = (
    update(requests)
    .where(
        requests.c.state.in_([State.RECEIVED, State.HELD]),
        requests.c.partner.in_(bindparam("partners", expanding=True)),
    )
    # A decision under way has looked at what was: the fence turns it away.
    .values(due_at=now(), hinted_at=None, lease_until=None, fence=requests.c.fence + 1)
)


# ---- Claims and moves ----------------------------------------------------------------------------


def claim(
    db: Connection,
    request: str,
    *,
    states: Collection[State],
    owner: str,
    lease_s: float,
    spared: int | None = None,
) -> Claim | None:
    """Take the request for `lease_s` seconds, or None when it is not due or someone else has it.

    One that was delivered `spared` times is left alone.
    """
    values = {
        "request": request,
        "states": list(states),
        "owner": owner,
        "lease_ms": _ms(lease_s),
        "spared": -1 if spared is None else spared,
    }
    return _claim(db.execute(CLAIM, values).one_or_none())


def suspect(db: Connection, request: str, states: Collection[State], deliveries: int) -> str | None:
    """Give the queue of a request that is due and was delivered just so often; else None."""
    values = {"request": request, "states": list(states), "times": deliveries}
    return db.execute(SUSPECT, values).scalar_one_or_none() if deliveries else None


def seize(db: Connection, request: str, states: Collection[State]) -> Claim | None:
    """Take the request out of whatever hands it is in, to be moved in this unit of work.

    None when it is in none of the states.
    """
    return _claim(db.execute(SEIZE, {"request": request, "states": list(states)}).one_or_none())


def seize_free(db: Connection, request: str, states: Collection[State]) -> Claim | None:
    """Take the request as `seize` does, unless a worker has it in hand."""
    values = {"request": request, "states": list(states)}
    return _claim(db.execute(SEIZE_FREE, values).one_or_none())


def _claim(row: Row[Any] | None) -> Claim | None:
    if row is None:
        return None
    return Claim(row.id, State(row.state), row.fence, row.deliveries, row.attempts, row.now, row)


def move(db: Connection, postbox: Postbox, claim: Claim, step: Move) -> Claim:
    """Move the claimed request; raise `Fenced` if it is no longer ours.

    The answer is the claim to go on with, when `step.keep` says that it goes on.
    """
    check(claim.state, step.to)
    changed = db.execute(
        MOVE,
        {
            "request": claim.id,
            "held_fence": claim.fence,
            "origin": claim.state,
            "to": step.to,
            "to_queue": step.queue or claim.row.queue,
            "wait_ms": None if step.wait_s is None else _ms(step.wait_s),
            "spent": step.spent,
            "said": len(step.notes),
            "to_code": step.code,
            "keep": step.keep,
            "hinted": step.hinted and not step.wait_s,
        },
    ).one_or_none()
    if changed is None:
        raise Fenced(claim.id)
    db.execute(
        TELL, [history_line(claim.id, changed.now, claim.state, step.to, step.why, step.who)]
    )
    told = postbox.rows(claim.cause, step.to, step.notes, last=changed.sequence, at=changed.now)
    outbox.add(db, told)
    return replace(claim, state=step.to)


def postpone(db: Connection, claim: Claim, wait_s: float) -> None:
    """Let the request go as it stands, due again after a while."""
    found = db.execute(
        POSTPONE,
        {
            "request": claim.id,
            "held_fence": claim.fence,
            "origin": claim.state,
            "wait_ms": _ms(wait_s),
        },
    )
    if found.rowcount == 0:
        raise Fenced(claim.id)


def state(db: Connection, request: str) -> State | None:
    """Give where the request stands; None when there is none of that number."""
    found = db.execute(STATE, {"request": request}).scalar_one_or_none()
    return None if found is None else State(found)


def spend(db: Connection, claim: Claim) -> Claim:
    """Count a try at the portal, and go on with the claim; raise `Fenced` as `postpone` does."""
    values = {"request": claim.id, "held_fence": claim.fence, "origin": claim.state}
    if db.execute(SPEND, values).rowcount == 0:
        raise Fenced(claim.id)
    return replace(claim, attempts=claim.attempts + 1)


def hand_back(db: Connection, claim: Claim, wait_s: float) -> None:
    """Let the request go as if it had not been claimed, due again after a while.

    Nothing happens to one that is in other hands, or that the claim's own last move let go.
    """
    values = {"request": claim.id, "held_fence": claim.fence, "wait_ms": _ms(wait_s)}
    db.execute(HAND_BACK, values)


def decide(db: Connection, request: str, decision: Decision) -> None:
    """Keep the verdict with the request; the caller holds the claim and moves it next."""
    db.execute(
        DECIDE,
        {
            "request": request,
            "to_route": decision.route,
            "to_contract": decision.contract,
            "to_incidents": decision.incidents,
            "to_verdict": dict(decision.verdict),
        },
    )


def renew(db: Connection, owner: str, ids: Sequence[str], lease_s: float) -> None:
    """Put off the end of the leases that this worker still holds."""
    if ids:
        db.execute(RENEW, {"owner": owner, "ids": list(ids), "lease_ms": _ms(lease_s)})


def wake_held(db: Connection, partners: Sequence[str]) -> int:
    """Make the undecided requests of these partners due for a decision; give how many."""
    return db.execute(WAKE, {"partners": list(partners)}).rowcount if partners else 0


def history_line(
    request: str, at: datetime, origin: State | None, to: State, why: str, who: str
) -> dict[str, Any]:
    return {"request": request, "at": at, "origin": origin, "state": to, "why": why, "who": who}


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
