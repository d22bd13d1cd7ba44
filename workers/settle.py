"""Settles an `uncertain` request on a person's word: the ticket was found, or is proven absent.

Never calls a portal. What is settled as found is paid for and told as if the portal had answered;
what is absent is filed anew, under the same key.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from adapters.portals.port import Ticket
from ledger import requests, tickets
from ledger.requests import Claim, Move
from ledger.states import State
from ledger.store import Connection
from workers.app import App
from workers.outcome import adopt

log = structlog.get_logger()


class NotSettled(Exception):
    """The request cannot be settled so; the words say why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Word:
    """Whose word it is, and what it stands on."""

    who: str
    why: str


def found(app: App, request: str, number: str, url: str | None, word: Word) -> None:
    """Write down that the portal has the request's ticket under this number."""

    def write(db: Connection) -> None:
        claim = _uncertain(db, request)
        system = claim.row.route
        if (owner := tickets.owner(db, system, number)) is not None:
            raise NotSettled(f"ticket {number} of {system} belongs to {owner}; look once more")
        ticket = Ticket(system, number, claim.row.severity, url)
        adopt(db, app, claim, ticket, why=f"found: {word.why}", who=word.who)

    app.store.write(write)
    log.info("request.settled", request=request, ticket=number, who=word.who)


def absent(app: App, request: str, word: Word) -> None:
    """Write down that the portal has no ticket of the request, and have it filed again."""

    def write(db: Connection) -> None:
        step = Move(State.QUEUED, f"absent: {word.why}", word.who, wait_s=0, hinted=False)
        requests.move(db, app.postbox, _uncertain(db, request), step)

    app.store.write(write)
    log.info("request.settled", request=request, ticket=None, who=word.who)


def _uncertain(db: Connection, request: str) -> Claim:
    claim = requests.seize(db, request, {State.UNCERTAIN})
    if claim is None:
        state = requests.state(db, request)
        words = f"is {state}, not uncertain: nothing to settle" if state else "does not exist"
        raise NotSettled(f"request {request} {words}")
    return claim
