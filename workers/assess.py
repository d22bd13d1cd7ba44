"""Decides one request: the ledger's facts in, the verdict back with its events. Files nothing."""

from __future__ import annotations

from typing import Any

import structlog

from contracts.event_data import EventData, Held, Incomplete, Rejected
from contracts.request import SECRET_NAMES, SupportRequest
from ledger import directory, requests
from ledger.outbox import Note
from ledger.requests import Claim, Move
from ledger.states import State
from ledger.store import Connection
from rules.engine import decide
from rules.verdict import Outcome, Verdict
from workers.app import QUEUES, App
from workers.facts import facts_of
from workers.hints import has_room, hint
from workers.step import take

log = structlog.get_logger()

STATES = {
    Outcome.ELIGIBLE: State.QUEUED,
    Outcome.INCOMPLETE: State.INCOMPLETE,
    Outcome.HELD: State.HELD,
    Outcome.REJECTED: State.REJECTED,
}
EVENTS: dict[State, type[EventData]] = {
    State.INCOMPLETE: Incomplete,
    State.HELD: Held,
    State.REJECTED: Rejected,
}


def assess(app: App, request: str) -> None:
    """Decide the request if it waits for a decision."""
    take(app, request, {State.RECEIVED, State.HELD}, _assess)


def _assess(app: App, claim: Claim) -> None:
    verdict = judge(app, claim)
    app.reach("assess.decided", claim.id)
    step = _step(app, verdict)

    def write(db: Connection) -> None:
        requests.decide(db, claim.id, _decision(claim, verdict))
        if step.to == claim.state:  # held still: nothing new to tell
            requests.postpone(db, claim, app.limits.recheck_s)
        else:
            requests.move(db, app.postbox, claim, step)

    app.store.write(write)
    app.reach("assess.stored", claim.id)
    log.info("request.decided", outcome=verdict.outcome.value, code=step.code, route=verdict.route)
    if step.to == State.QUEUED and step.hinted:
        hint(app, step.queue or "", [claim.id])


def judge(app: App, claim: Claim) -> Verdict:
    """Decide the claimed request on what the directory knows now."""
    request = SupportRequest.model_validate(claim.row.body)
    secrets = {name: app.vault.open(sealed).decode() for name, sealed in _sealed(claim).items()}
    known = app.store.read(
        lambda db: directory.known(db, request.partner, request.agent, request.customer)
    )
    facts = facts_of(request, secrets, known, app.vault.fingerprint, app.day(claim.now))
    return decide(facts, app.book)


def _sealed(claim: Claim) -> dict[str, bytes]:
    found = {name: getattr(claim.row, f"{name}_sealed") for name in SECRET_NAMES}
    return {name: sealed for name, sealed in found.items() if sealed is not None}


def _step(app: App, verdict: Verdict) -> Move:
    to = STATES[verdict.outcome]
    leading = next((one for one in verdict.reasons if one.outcome == verdict.outcome), None)
    code = None if leading is None else leading.code
    if to == State.QUEUED:
        queue = QUEUES[verdict.route or ""]
        return Move(to, "eligible", queue=queue, wait_s=0, hinted=has_room(app, queue))
    says = {
        "reasons": [reason.as_dict() for reason in verdict.reasons],
        "notices": verdict.notices,
    }
    wait_s = app.limits.recheck_s if to == State.HELD else None
    return Move(to, code or to.value, notes=[Note(EVENTS[to], says)], wait_s=wait_s, code=code)


def _decision(claim: Claim, verdict: Verdict) -> requests.Decision:
    plan = verdict.plan
    contract = None if plan is None or plan.contract is None else plan.contract
    kept: dict[str, Any] = {
        **verdict.as_dict(),
        "fills": dict(verdict.fills),
        "link": verdict.link,
    }
    return requests.Decision(
        route=verdict.route,
        contract=None if contract is None else directory.contract_id(claim.row.partner, contract),
        incidents=verdict.incidents,
        verdict=kept,
    )
