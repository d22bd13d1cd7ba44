"""What came of an attempt, written in one unit of work: attempt, account, state, events.

Every write checks the fence. Never calls a portal.
"""

from __future__ import annotations

import structlog

from adapters.errors import NeedsPerson, PortalError, Refused, TryLater
from adapters.portals.port import Ticket
from contracts.event_data import Failed, Submitted, Uncertain
from ledger import attempts, directory, parking, requests, tickets
from ledger.attempts import Attempt, Outcome
from ledger.outbox import Note
from ledger.requests import SYSTEM, Claim, Fenced, Move
from ledger.states import State
from ledger.store import Connection
from workers.app import App
from workers.backoff import backoff_s
from workers.charge import post, release
from workers.parking import News, asked_s, heard, tell

log = structlog.get_logger()
LOST = "The portal gives no answer to the order, and has no ticket of it."


def filed(app: App, claim: Claim, attempt: Attempt, ticket: Ticket) -> None:
    """Write the ticket down: deduct, link the contract, tell."""

    def write(db: Connection) -> News | None:
        ailed = attempts.finish(db, claim, attempt.number, Outcome.FILED)
        adopt(db, app, claim, ticket, why="ticket exists")
        app.reach("outcome.written", claim.id)
        return heard(db, app, claim, None) if ailed else None

    try:
        news = app.store.write(write)
    except Fenced:
        log.warning("answer.late", attempt=attempt.number, ticket=ticket.number)
        raise
    app.reach("outcome.stored", claim.id)
    log.info("request.submitted", attempt=attempt.number, ticket=ticket.number)
    tell(news)


def adopt(
    db: Connection, app: App, claim: Claim, ticket: Ticket, *, why: str, who: str = SYSTEM
) -> None:
    """Write that the request has this ticket, in the caller's unit of work."""
    tickets.add(db, claim.id, _kept(ticket))
    if claim.row.verdict["link"] and claim.row.contract is not None:
        directory.link(db, claim.row.partner, claim.row.agent, claim.row.contract)
    notes = [_submitted(claim, ticket), *post(db, claim, f"ticket {ticket.number}", who)]
    requests.move(db, app.postbox, claim, Move(State.SUBMITTED, why, who, notes))


def later(app: App, claim: Claim, attempt: Attempt, error: TryLater) -> None:
    """Make the request due again; a wait that the portal named spends no attempt."""
    spent = 0 if error.named or _tries_portal(app, claim) else 1
    if claim.attempts + spent >= app.limits.attempts:
        _fail(app, claim, attempt, error, Outcome.LATER)
        return
    wait_s = asked_s(app, error)
    if not error.named:
        wait_s = max(wait_s, backoff_s(app, claim.attempts))

    def write(db: Connection) -> News | None:
        _finish(db, claim, attempt, Outcome.LATER, error)
        step = Move(State.QUEUED, error.code, wait_s=wait_s, spent=spent, code=error.code)
        requests.move(db, app.postbox, claim, step)
        return heard(db, app, claim, error)

    news = app.store.write(write)
    log.warning("attempt.later", attempt=attempt.number, code=error.code, wait_s=wait_s)
    tell(news)


def _tries_portal(app: App, claim: Claim) -> bool:
    """Whether the request tries a parked portal: what it meets is no fault of its own."""
    return app.store.read(lambda db: parking.is_probe(db, claim.row.route, claim.id))


def refused(app: App, claim: Claim, attempt: Attempt, error: Refused | NeedsPerson) -> None:
    """Give up what the portal will not take."""
    _fail(app, claim, attempt, error, Outcome.REFUSED)


def absent(app: App, claim: Claim, attempt: Attempt) -> Claim | None:
    """Close an attempt that is proven to have left no ticket: a try like any other.

    Gives the claim to file again with; None when that was the last try.
    """
    if claim.attempts + 1 >= app.limits.attempts:
        _fail(app, claim, attempt, TryLater("order_lost", LOST, after_s=0), Outcome.ABSENT)
        return None

    def write(db: Connection) -> Claim:
        attempts.finish(db, claim, attempt.number, Outcome.ABSENT)
        return requests.spend(db, claim)

    return app.store.write(write)


def uncertain(app: App, claim: Claim, attempt: Attempt) -> None:
    """Leave the request to a person: nobody can tell whether the ticket exists."""

    def write(db: Connection) -> News | None:
        _leave_to_person(db, app, claim, attempt)
        return heard(db, app, claim, None)

    news = app.store.write(write)
    log.error("request.uncertain", attempt=attempt.number)
    tell(news)


def look_later(app: App, claim: Claim, attempt: Attempt, error: PortalError | None = None) -> None:
    """Leave the attempt open and look it up after a while, longer each time.

    A portal that tells nothing for too long leaves the request uncertain.
    """

    def write(db: Connection) -> tuple[float | None, News | None]:
        wait_s = _look_again_s(db, app, claim, attempt, error)
        if wait_s is None:
            _leave_to_person(db, app, claim, attempt)
        else:
            requests.postpone(db, claim, wait_s)
        return wait_s, heard(db, app, claim, error)

    wait_s, news = app.store.write(write)
    code = None if error is None else error.code
    log.warning("attempt.unknown", attempt=attempt.number, code=code, wait_s=wait_s)
    tell(news)


def _look_again_s(
    db: Connection, app: App, claim: Claim, attempt: Attempt, error: PortalError | None
) -> float | None:
    """Give when to look again; None: never.

    A wait that the portal named counts as no look-up, nor does a try of a parked portal.
    """
    if error is not None and error.named:
        return asked_s(app, error)
    least = max(asked_s(app, error), app.limits.look_after_s)
    if error is not None and parking.is_probe(db, claim.row.route, claim.id):
        return least
    looked = attempts.looked(db, claim, attempt.number)
    if looked > app.limits.lookups:
        return None
    return max(least, backoff_s(app, looked - 1 + claim.attempts))


def _leave_to_person(db: Connection, app: App, claim: Claim, attempt: Attempt) -> None:
    message = "the answer was lost, and the portal cannot say whether it has the ticket"
    error = {"code": "outcome_unknown", "message": message, "retryable": False}
    attempts.finish(db, claim, attempt.number, Outcome.UNKNOWN, code="outcome_unknown")
    note = Note(Uncertain, {"error": error})
    step = Move(State.UNCERTAIN, message, notes=[note], code="outcome_unknown")
    requests.move(db, app.postbox, claim, step)


def _fail(app: App, claim: Claim, attempt: Attempt, error: PortalError, ended: Outcome) -> None:
    retryable = ended is not Outcome.REFUSED
    said = {"code": error.code, "message": error.message, "retryable": retryable}

    def write(db: Connection) -> News | None:
        _finish(db, claim, attempt, ended, error)
        release(db, claim)
        note = Note(Failed, {"error": said, "attempts": attempt.number})
        step = Move(State.FAILED, error.message, notes=[note], spent=1, code=error.code)
        requests.move(db, app.postbox, claim, step)
        return heard(db, app, claim, error)

    news = app.store.write(write)
    log.error("request.failed", attempt=attempt.number, code=error.code)
    tell(news)


def _finish(
    db: Connection, claim: Claim, attempt: Attempt, ended: Outcome, error: PortalError
) -> None:
    attempts.finish(db, claim, attempt.number, ended, code=error.code, message=error.message)


def _kept(ticket: Ticket) -> tickets.Ticket:
    return tickets.Ticket(
        system=ticket.system,
        number=ticket.number,
        severity=ticket.severity,
        url=ticket.url,
        first_response_due=ticket.first_response_due,
    )


def _submitted(claim: Claim, ticket: Ticket) -> Note:
    verdict = claim.row.verdict
    told = {
        "system": ticket.system,
        "number": ticket.number,
        "url": ticket.url,
        "severity": ticket.severity,
        "first_response_due": ticket.first_response_due,
    }
    says = {"ticket": told, "plan": verdict["plan"], "entry": verdict["entry"]}
    return Note(Submitted, {**says, "notices": verdict["notices"]})
