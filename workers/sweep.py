"""Hints what is due and in nobody's hands: after a lost hint, a crash, a wait, a flushed Redis.

Any number of machines may sweep at once. Never does the work itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import structlog

from ledger import due, parking
from ledger.due import Due
from ledger.requests import ASSESS
from ledger.store import Connection
from workers.app import QUEUES, App
from workers.hints import has_room, hint

log = structlog.get_logger()
ALL_QUEUES = (ASSESS, *QUEUES.values())
MOST = 500


def sweep(app: App) -> int:
    """Hint what is due, in fair order, into queues that are short; give how many."""
    short = [queue for queue in ALL_QUEUES if has_room(app, queue)]
    if not short:
        return 0
    trying, found = app.store.write(lambda db: _taken(db, app, short))
    for portal, request in trying:
        log.info("portal.probed", portal=portal, request=request)
    app.reach("sweep.taken")
    by_queue: dict[str, list[str]] = defaultdict(list)
    for one in found:
        by_queue[one.queue].append(one.id)
    lost: list[str] = []
    for queue, requests in by_queue.items():
        if hint(app, queue, requests):
            log.info("requests.hinted", queue=queue, number=len(requests))
        else:
            lost += requests
    if lost:
        app.store.write(lambda db: due.put_back(db, lost))
    return len(found) - len(lost)


def _taken(
    db: Connection, app: App, short: Sequence[str]
) -> tuple[list[tuple[str, str]], list[Due]]:
    """Appoint who tries a parked portal, then take what is due, those included."""
    trying = parking.appoint(db)
    return trying, due.take(db, short, most=MOST, hinted_before_s=app.limits.rehint_s)
