"""What came of a delivery, in one unit of work: its end or next try, and how its webhook fares.

Every write checks the fence, and takes the next delivery of the line where there is one. Sends
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from adapters.errors import GONE, Refused, TryLater
from ledger import deliveries, webhooks
from ledger.deliveries import Delivery, Outcome
from ledger.store import Connection
from workers.app import App, NotWanted

log = structlog.get_logger()
WAITS_S = (5.0, 300.0, 1_800.0, 7_200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""After the first, second … try, as Standard Webhooks has it; then an event is given up."""
PATIENCE_S = sum(WAITS_S)
"""So long a receiver may put an event off by naming times itself."""
NAMED_MOST_S = 86_400.0
NotTaken = TryLater | Refused | NotWanted


@dataclass(frozen=True, slots=True)
class News:
    """The next delivery of the line, if any, and whether its webhook was disabled just now."""

    following: Delivery | None
    disabled: bool = False


def sent(app: App, delivery: Delivery) -> Delivery | None:
    """Write down that it was taken; give the next delivery of the line."""

    def write(db: Connection) -> Delivery | None:
        deliveries.end(db, delivery, Outcome.SENT)
        if delivery.hook is not None:
            webhooks.well(db, delivery.hook)
        app.reach("deliver.written", delivery.request or "")
        return _following(db, app, delivery)

    following = app.store.write(write)
    app.reach("deliver.stored", delivery.request or "")
    log.info("delivery.sent", **named(delivery))
    return following


def not_taken(app: App, delivery: Delivery, error: NotTaken) -> Delivery | None:
    """Write down what is next for it; give the next delivery of the line that can be tried now."""
    wait_s = _wait_s(app, delivery, error)

    def write(db: Connection) -> News:
        disabled = _fares_ill(db, app, delivery, error)
        if isinstance(error, NotWanted):
            deliveries.end(db, delivery, Outcome.DROPPED, error.code, error.message)
        elif wait_s is None:
            deliveries.end(db, delivery, Outcome.GIVEN_UP, error.code, error.message)
        else:
            deliveries.again(
                db,
                delivery,
                wait_s=wait_s,
                spent=_spends(delivery, error),
                code=error.code,
                message=error.message,
            )
        if disabled:
            deliveries.hold(db, delivery.receiver)
        ill = isinstance(error, TryLater) and error.ill
        return News(None if ill or disabled else _following(db, app, delivery), disabled)

    news = app.store.write(write)
    event = "delivery.later" if wait_s is not None else "delivery.given_up"
    log.warning(event, code=error.code, wait_s=wait_s, **named(delivery))
    if news.disabled:
        log.error("webhook.disabled", webhook=delivery.hook, code=error.code)
    return news.following


def hand_back(app: App, delivery: Delivery) -> None:
    """Let it go as if it had not been claimed."""
    app.store.write(
        lambda db: deliveries.again(db, delivery, wait_s=0.0, spent=False, code=None, message=None)
    )


def named(delivery: Delivery) -> dict[str, object]:
    """Give the fields by which logs name a delivery; addresses are none of them."""
    return {
        "request": delivery.request,
        "receiver": delivery.receiver,
        "way": delivery.way,
        "delivered": delivery.event,
        "type": delivery.type,
        "attempt": delivery.attempts,
    }


def _following(db: Connection, app: App, delivery: Delivery) -> Delivery | None:
    return deliveries.claim_next(db, delivery, owner=app.owner, lease_s=app.limits.lease_s)


def _fares_ill(db: Connection, app: App, delivery: Delivery, error: NotTaken) -> bool:
    """Write down that the webhook fails; give whether it was disabled for it."""
    if delivery.hook is None or isinstance(error, NotWanted):
        return False
    if error.code == GONE:
        return webhooks.disable(db, delivery.hook, error.message)
    longest_s = app.limits.webhook_disable_s
    return webhooks.ill(db, delivery.hook, why=error.message, longest_s=longest_s)


def _wait_s(app: App, delivery: Delivery, error: NotTaken) -> float | None:
    """Give when to try again; None: never. A time that was named comes before the schedule."""
    if isinstance(error, NotWanted):
        return None
    if isinstance(error, Refused):  # a webhook that is gone is disabled, and what it misses waits
        return 0.0 if error.code == GONE and delivery.hook is not None else None
    if not _spends(delivery, error):
        return min(error.after_s, NAMED_MOST_S)
    if delivery.attempts > len(WAITS_S):
        return None
    # With chance, so that what failed together does not come back together.
    wait_s = WAITS_S[delivery.attempts - 1] * (0.9 + app.jitter() / 5)
    return max(wait_s, min(error.after_s, NAMED_MOST_S))


def _spends(delivery: Delivery, error: NotTaken) -> bool:
    return not (isinstance(error, TryLater) and error.named and delivery.age_s < PATIENCE_S)
