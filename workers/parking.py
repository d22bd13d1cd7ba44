"""What an answer says of the portal that gave it: that it is ill, that it is well, or nothing.

Writes within the caller's unit of work, and logs only what is committed. Never calls a portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.errors import OutcomeUnknown, PortalError, TryLater
from ledger import due, parking
from ledger.parking import Failure, Terms
from ledger.requests import Claim
from ledger.store import Connection
from workers.app import App

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class News:
    """A portal was parked or opened: what to log once that is committed."""

    event: str
    fields: Mapping[str, Any]


def heard(db: Connection, app: App, claim: Claim, error: PortalError | None) -> News | None:
    """Write down how the portal is by what the claimed request met there; None: a ticket."""
    if error is not None and error.ill:
        return _failed(db, app, claim, error)
    if isinstance(error, TryLater):
        return None  # as a sign-in of one partner's that fails: it may be so for nobody else
    return _recovered(db, app, claim)


def tell(news: News | None) -> None:
    if news is not None:
        log.warning(news.event, **news.fields)


def asked_s(app: App, error: PortalError | None) -> float:
    """Give how long the request itself is to wait; what no portal named is never the longest."""
    match error:
        case TryLater(after_s=wait_s) | OutcomeUnknown(look_after_s=wait_s):
            return wait_s if error.named else min(wait_s, app.limits.retry_most_s)
        case _:
            return 0.0


def _failed(db: Connection, app: App, claim: Claim, error: PortalError) -> News | None:
    limits = app.limits
    terms = Terms(limits.park_failures, limits.park_first_s, limits.park_most_s)
    failure = Failure(
        claim.row.route, claim.id, error.code, asked_s(app, error) if error.named else None
    )
    until = parking.failed(db, failure, terms)
    if until is None:
        return None
    return News("portal.parked", {"code": error.code, "until": until.isoformat()})


def _recovered(db: Connection, app: App, claim: Claim) -> News | None:
    portal = claim.row.route
    if not parking.recovered(db, portal, claim.id):
        return None
    waiting = due.spread(db, portal, per_s=app.limits.drain_per_s)
    return News("portal.opened", {"waiting": waiting})
