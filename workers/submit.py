"""Files one decided request: writes the intention, calls the portal, writes the outcome.

Never sends anything while an attempt is open: whether the ticket exists is looked up first, and
where the portal cannot prove that it does not, the request waits as `uncertain`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from adapters.errors import NeedsPerson, OutcomeUnknown, PortalError, Refused, TryLater
from adapters.portals.port import Order, Portal, Ticket
from ledger import attempts, requests
from ledger.account import NoIncidentsLeft
from ledger.attempts import Attempt
from ledger.requests import Claim, Move
from ledger.states import State
from ledger.store import Connection
from workers import outcome
from workers.app import App
from workers.charge import reserve
from workers.hints import hint
from workers.order import order_of
from workers.step import take

log = structlog.get_logger()


def submit(app: App, request: str) -> None:
    """File the request if it is due for its portal."""
    take(app, request, {State.QUEUED, State.SUBMITTING}, _submit)


@dataclass(frozen=True, slots=True)
class Try:
    """One claimed request with its order and its portal."""

    app: App
    claim: Claim
    order: Order
    portal: Portal


def _submit(app: App, claim: Claim) -> None:
    portal = app.portals.get(claim.row.route)
    if portal is None:
        log.error("portal.not_set_up")
        app.store.write(lambda db: requests.postpone(db, claim, app.limits.retry_most_s))
        return
    this = Try(app, claim, order_of(app, claim.row), portal)
    open_attempt = app.store.read(lambda db: attempts.unfinished(db, claim.id))
    if open_attempt is None:
        _file(this)
    else:
        _settle(this, open_attempt)


def _file(this: Try) -> None:
    """Write the intention, then call."""
    try:
        claim, attempt = _intend(this.app, this.claim)
    except NoIncidentsLeft:
        _decide_again(this.app, this.claim)
        return
    this = replace(this, claim=claim)

    def note(token: str) -> None:
        this.app.store.write(lambda db: attempts.note_token(db, claim, attempt.number, token))
        this.app.reach("submit.noted", claim.id)

    this.app.reach("submit.before_call", claim.id)
    _conclude(this, attempt, lambda: this.portal.file(this.order, note))


def _intend(app: App, claim: Claim) -> tuple[Claim, Attempt]:
    """Reserve the incident and open an attempt, in one unit of work."""

    def write(db: Connection) -> tuple[Claim, Attempt]:
        going_on = claim
        if claim.state == State.QUEUED:
            step = Move(State.SUBMITTING, "filing begins", wait_s=0, keep=True)
            going_on = requests.move(db, app.postbox, claim, step)  # first: is it still ours?
            reserve(db, claim)
        attempt = attempts.begin(db, going_on, claim.row.route)
        app.reach("submit.reserved", claim.id)
        return going_on, attempt

    return app.store.write(write)


def _settle(this: Try, attempt: Attempt) -> None:
    """Find out what became of an attempt that nobody finished."""
    token = attempt.token
    if token is not None:
        _conclude(this, attempt, lambda: this.portal.resume(this.order, token))
        return
    try:
        ticket = this.portal.find(this.order)
    except PortalError as error:
        outcome.look_later(this.app, this.claim, attempt, error)
        return
    this.app.reach("submit.looked_up", this.claim.id)
    log.info("attempt.looked_up", attempt=attempt.number, found=ticket is not None)
    if ticket is not None:
        outcome.filed(this.app, this.claim, attempt, ticket)
    elif not this.portal.lookup_is_proof:
        outcome.uncertain(this.app, this.claim, attempt)
    elif not attempt.shows(this.claim.now, this.portal.visible_after_s):
        outcome.look_later(this.app, this.claim, attempt)
    elif (claim := outcome.absent(this.app, this.claim, attempt)) is not None:
        this.app.reach("submit.absent", this.claim.id)
        _file(replace(this, claim=claim))


def _conclude(this: Try, attempt: Attempt, call: Callable[[], Ticket]) -> None:
    """Make the call and write down what came of it."""
    app, claim = this.app, this.claim
    log.info("attempt.began", attempt=attempt.number, resumed=attempt.token is not None)
    try:
        ticket = call()
    except TryLater as error:
        outcome.later(app, claim, attempt, error)
    except (Refused, NeedsPerson) as error:
        outcome.refused(app, claim, attempt, error)
    except OutcomeUnknown as error:
        outcome.look_later(app, claim, attempt, error)
    else:
        app.reach("submit.after_call", claim.id)
        outcome.filed(app, claim, attempt, ticket)


def _decide_again(app: App, claim: Claim) -> None:
    """Send a request back to be decided: its contract ran dry since."""
    step = Move(State.RECEIVED, "contract_ran_dry", queue=requests.ASSESS, wait_s=0)
    app.store.write(lambda db: requests.move(db, app.postbox, claim, step))
    log.info("request.decided_again", code=step.why)
    hint(app, requests.ASSESS, [claim.id])
