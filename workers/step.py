"""What every step does around its work: claim, log context, poison, and letting go.

Never lets an error out to dramatiq: what went wrong is logged, and the row, still due when its
lease lapses, is taken up again; a row that is taken up too often is given up as poison. A database
that is away or full is not held against a request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from contracts.event_data import Failed, Uncertain
from contracts.trace import trace_of
from ledger import attempts, requests
from ledger.attempts import Outcome
from ledger.outbox import Note
from ledger.requests import Claim, Fenced, Move
from ledger.states import State
from ledger.store import Connection, DatabaseAway, DatabaseError
from workers.app import App
from workers.charge import release
from workers.hints import hint

log = structlog.get_logger()
Work = Callable[[App, Claim], None]
TURN_S = 0.2
"""How long a request waits for its turn when another one's last try is being made."""


def take(app: App, request: str, states: Collection[State], work: Work) -> None:
    """Claim the request and do the work; do nothing when it is not due or someone has it."""
    app.reach("step.fetched", request)
    try:
        claim = _claim(app, request, states, last_too=False)
        if claim is not None:
            _hold(app, claim, work)
        elif not _take_last(app, request, states, work):
            log.info("hint.idle", request=request)
    except Exception:
        log.exception("claim.broke", request=request)


def _take_last(app: App, request: str, states: Collection[State], work: Work) -> bool:
    """Make the last try of a request if it has come to that, while no other one's is made.

    A process that dies takes everything with it that it had in hand. So that innocent neighbours
    are not given up as poison together with the culprit, each of them gets a try without it.
    """
    before = app.limits.deliveries - 1
    queue = app.store.read(lambda db: requests.suspect(db, request, states, before))
    if queue is None:
        return False
    if not app.holdings.last_tries.acquire(timeout=TURN_S):
        hint(app, queue, [request])  # behind those that wait already
        return True
    try:
        claim = _claim(app, request, states, last_too=True)
        if claim is not None:
            _hold(app, claim, work)
    finally:
        app.holdings.last_tries.release()
    return True


def _claim(app: App, request: str, states: Collection[State], *, last_too: bool) -> Claim | None:
    spared = None if last_too or app.limits.deliveries == 1 else app.limits.deliveries - 1
    return app.store.write(
        lambda db: requests.claim(
            db,
            request,
            states=states,
            owner=app.owner,
            lease_s=app.limits.lease_s,
            spared=spared,
        )
    )


def _hold(app: App, claim: Claim, work: Work) -> None:
    with app.holdings.holding(claim.id), bound_contextvars(**_context(claim)):
        app.reach("step.claimed", claim.id)
        _work(app, claim, work)


def hand_back(app: App, claim: Claim) -> None:
    """Let the request go without a mark against it; what cannot be written now is owed."""
    try:
        app.store.write(lambda db: requests.hand_back(db, claim, app.limits.retry_first_s))
    except DatabaseError as error:
        app.holdings.owe(claim)
        log.warning("claim.kept", request=claim.id, error=type(error).__name__)
    else:
        app.holdings.settle(claim)


def _work(app: App, claim: Claim, work: Work) -> None:
    try:
        _give_up(app, claim) if claim.deliveries > app.limits.deliveries else work(app, claim)
    except Fenced:
        log.warning("step.fenced", fence=claim.fence)
    except DatabaseAway as error:  # no fault of the request's
        log.warning("step.away", error=type(error).__name__)
        hand_back(app, claim)
    except Exception:
        log.exception("step.broke", delivery=claim.deliveries)


def _context(claim: Claim) -> dict[str, str | None]:
    return {
        "request": claim.id,
        "partner": claim.row.partner,
        "portal": claim.row.route,
        "trace": trace_of(claim.row.traceparent),
    }


def _give_up(app: App, claim: Claim) -> None:
    """End a request that was taken up too often without getting anywhere.

    With an attempt still open the ticket may exist, so nothing is sent again: that is `uncertain`.
    """
    tries = claim.deliveries - 1
    message = f"taken up {tries} times without getting anywhere"

    def error(*, retryable: bool) -> dict[str, Any]:
        return {"error": {"code": "poison", "message": message, "retryable": retryable}}

    def write(db: Connection) -> State:
        still_open = attempts.unfinished(db, claim.id)
        if still_open is not None:
            attempts.finish(db, claim, still_open.number, Outcome.UNKNOWN, code="poison")
            note = Note(Uncertain, error(retryable=False))
            step = Move(State.UNCERTAIN, message, notes=[note], code="poison")
        else:
            release(db, claim)
            note = Note(Failed, {**error(retryable=True), "attempts": claim.attempts})
            step = Move(State.FAILED, message, notes=[note], code="poison")
        return requests.move(db, app.postbox, claim, step).state

    state = app.store.write(write)
    log.error("request.poison", state=state, deliveries=tries)
