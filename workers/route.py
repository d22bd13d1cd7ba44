"""Makes out deliveries: which single receivers an event goes to, besides the streams.

Each event is routed once, in the unit of work in which its deliveries are written; publishing it
again mails nothing. One process does it at a time, so that deliveries keep the order of events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson
import structlog

from adapters.outbound.mail.text import LETTERS
from contracts.event_data import Unreadable
from ledger import leases, quarantine, routing, webhooks
from ledger.routing import REPLY, Unrouted, Way
from ledger.store import Connection
from ledger.webhooks import Hook
from workers.app import App

log = structlog.get_logger()
ROLE = "route"
BATCH = 200
WEBHOOK, MAIL = "webhook", "mail"


def route(app: App) -> int:
    """Make out the deliveries of the oldest events that wait for it; give how many events."""
    if not app.store.read(routing.waits):
        return 0
    events, made_out = app.store.write(lambda db: _route(db, app))
    app.reach("route.stored")
    if made_out:
        log.info("deliveries.made_out", events=events, number=made_out)
    return events


def _route(db: Connection, app: App) -> tuple[int, int]:
    """Do it in one unit of work; the role's row keeps any other process out until the commit."""
    if leases.take(db, ROLE, app.owner, 0.0) is None:
        return 0, 0
    events = routing.unrouted(db, BATCH)
    hooks = webhooks.enabled(db)
    ways = [way for one in events for way in _ways(db, one, hooks) if way.way in app.carriers]
    made_out = routing.make_out(db, events, ways)
    app.reach("route.made_out")
    return len(events), made_out


def _ways(db: Connection, event: Unrouted, hooks: Sequence[Hook]) -> Iterator[Way]:
    reply_to = event.reply_to or {}
    if reply_to.get("webhook"):
        yield Way(event.id, event.request, WEBHOOK, REPLY)
    if reply_to.get("email") and event.type in LETTERS:
        yield Way(event.id, event.request, MAIL, REPLY)
    if event.type == Unreadable.TYPE and (sender := _sender(db, event)) is not None:
        yield Way(event.id, None, MAIL, REPLY, sender)
    partner = orjson.loads(event.body)["data"].get("partner") if hooks else None
    for hook in hooks:
        if hook.wants(event.type, partner):
            yield Way(event.id, event.request, WEBHOOK, hook.receiver)


def _sender(db: Connection, event: Unrouted) -> str | None:
    return quarantine.sender(db, orjson.loads(event.body)["data"]["quarantine"])
