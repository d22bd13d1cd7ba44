"""Carries the outbox to an outlet, the stream or the exchange: in order, in batches, at least once.

One process at a time does it for each outlet (a lease says which), so that a request's events keep
their order. An event is marked only after the outlet has it, and each outlet has its own marks: one
that is away does not hold up the other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from contracts.trace import trace_of
from ledger import leases, outbox
from ledger.outbox import EVERY, Letter, Outlet
from ledger.store import Connection
from workers.app import App

log = structlog.get_logger()
ROLES = {Outlet.STREAM: "publish", Outlet.EXCHANGE: "exchange"}
BATCH = 500


class Publisher(Protocol):
    """What takes events to an outlet."""

    def publish(self, batch: Sequence[bytes]) -> Collection[int]:
        """Publish in order; give the places in the batch of those that the outlet has now."""


@dataclass(frozen=True, slots=True)
class Round:
    """An outlet, and whose marks are made with it: all of them where it is the only one."""

    outlet: Outlet = Outlet.STREAM
    marks: tuple[Outlet, ...] = EVERY


ALONE = Round()
BY_STREAM = Round(Outlet.STREAM, (Outlet.STREAM,))
BY_EXCHANGE = Round(Outlet.EXCHANGE, (Outlet.EXCHANGE,))


def publish(app: App, publisher: Publisher, of: Round = ALONE) -> int:
    """Publish what waits, at most a batch; give how many events went out.

    Raises what the publisher raises; nothing is marked then, and the next round sends it again.
    """
    if not app.store.read(lambda db: outbox.waiting(db, 1, of.outlet)):
        return 0
    letters = app.store.write(lambda db: _take(db, app, of.outlet))
    if not letters:
        return 0
    app.reach("publish.taken")
    places = publisher.publish([letter.body for letter in letters])
    app.reach("publish.sent")
    out = [letters[place] for place in sorted(places)]
    app.store.write(lambda db: outbox.mark(db, out, of.marks))
    app.reach("publish.marked")
    for letter in out:
        log.info(
            "event.published",
            request=letter.request,
            trace=trace_of(letter.traceparent),
            type=letter.type,
            outlet=of.outlet.name.lower(),
        )
    return len(out)


def _take(db: Connection, app: App, outlet: Outlet) -> list[Letter]:
    """Give what waits if the publisher's role is ours, and nothing while someone else has it."""
    fence = leases.take(db, ROLES[outlet], app.owner, app.limits.lease_s)
    return [] if fence is None else outbox.waiting(db, BATCH, outlet)


def resign(app: App) -> None:
    """Leave the roles to the next one at once, when the process ends in good order."""
    for role in ROLES.values():
        _give_up(app, role)


def _give_up(app: App, role: str) -> None:
    app.store.write(lambda db: leases.give_up(db, role, app.owner))
