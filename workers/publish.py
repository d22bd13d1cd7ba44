"""Carries the outbox to the event stream: in order, in batches, at least once.

One process at a time does it (a lease says which), so that a request's events keep their order.
An event is marked only after the stream has it.
"""

from __future__ import annotations

import structlog

from adapters.outbound.stream import EventStream
from contracts.trace import trace_of
from ledger import leases, outbox
from ledger.outbox import Letter
from ledger.store import Connection
from workers.app import App

log = structlog.get_logger()
ROLE = "publish"
BATCH = 500


def publish(app: App, stream: EventStream) -> int:
    """Publish what waits, at most a batch; give how many events went out.

    Raises what the stream raises; nothing is marked then, and the next round sends it again.
    """
    if not app.store.read(lambda db: outbox.waiting(db, 1)):
        return 0
    letters = app.store.write(lambda db: _take(db, app))
    if not letters:
        return 0
    app.reach("publish.taken")
    stream.publish([letter.body for letter in letters])
    app.reach("publish.sent")
    app.store.write(lambda db: outbox.mark(db, letters))
    app.reach("publish.marked")
    for letter in letters:
        log.info(
            "event.published",
            request=letter.request,
            trace=trace_of(letter.traceparent),
            type=letter.type,
        )
    return len(letters)


def _take(db: Connection, app: App) -> list[Letter]:
    """Give what waits if the publisher's role is ours, and nothing while someone else has it."""
    fence = leases.take(db, ROLE, app.owner, app.limits.lease_s)
    return [] if fence is None else outbox.waiting(db, BATCH)


def resign(app: App) -> None:
    """Leave the role to the next one at once, when the process ends in good order."""
    app.store.write(lambda db: leases.give_up(db, ROLE, app.owner))
