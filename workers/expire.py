"""Gives back the promises of requests that have waited for their portal too long.

Such a request is decided again: its contract may have expired, another may serve now. What may have
a ticket keeps its promise however long it takes.
"""

from __future__ import annotations

import structlog

from ledger import account, requests
from ledger.requests import ASSESS, Move
from ledger.states import State
from ledger.store import Connection
from workers.app import App
from workers.charge import release

log = structlog.get_logger()
MOST = 100
WHY = "promise_expired"


def expire(app: App) -> int:
    """Give back what has expired; give how many requests are decided again."""
    old = app.store.read(lambda db: account.expired(db, app.limits.promise_s, most=MOST))
    return sum(_expire(app, request) for request in old)


def _expire(app: App, request: str) -> bool:
    def write(db: Connection) -> bool:
        claim = requests.seize(db, request, {State.QUEUED})
        if claim is None or not release(db, claim):
            return False  # filed or expired meanwhile
        step = Move(State.RECEIVED, WHY, queue=ASSESS, wait_s=0, hinted=False)
        requests.move(db, app.postbox, claim, step)
        return True

    done = app.store.write(write)
    if done:
        log.info("request.decided_again", request=request, code=WHY)
    return done
