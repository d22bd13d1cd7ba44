"""Calls off a request that has no ticket and none under way. Never calls a portal."""

from __future__ import annotations

import structlog

from contracts.event_data import Cancelled
from ledger import requests
from ledger.outbox import Note
from ledger.requests import Move
from ledger.states import MOVES, State
from ledger.store import Connection
from workers.app import App
from workers.charge import release

log = structlog.get_logger()
INSTEAD = {
    State.SUBMITTING: "too late; see what becomes of it",
    State.SUBMITTED: "too late; close the ticket at its portal",
    State.UNCERTAIN: "say first what became of it, by requests settle",
    State.CLOSED: "it is over",
    State.CANCELLED: "it was called off before",
}
"""What to do with a request that cannot be called off."""
FROM = frozenset(state for state, to in MOVES.items() if State.CANCELLED in to)


class NotCancelled(Exception):
    """The request cannot be called off; the words say why. Nothing was changed."""


def cancel(app: App, request: str, *, who: str, why: str) -> None:
    """End the request and give its promise back; a worker that has it in hand writes no more."""

    def write(db: Connection) -> None:
        claim = requests.seize(db, request, FROM)
        if claim is None:
            state = requests.state(db, request)
            words = "does not exist" if state is None else f"is {state}: {INSTEAD[state]}"
            raise NotCancelled(f"request {request} {words}")
        release(db, claim)
        note = Note(Cancelled, {"why": why})
        requests.move(db, app.postbox, claim, Move(State.CANCELLED, why, who, [note]))

    app.store.write(write)
    log.info("request.cancelled", request=request, who=who)
