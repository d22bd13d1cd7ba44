"""What a person may do with webhooks and deliveries, each action once; who did it is written down.

Never prints anything: command lines are thin over it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import structlog

from adapters.errors import Refused, TryLater
from adapters.outbound.public_hosts import NotAllowed, NotNamed, PublicHosts
from contracts.event_data import WebhookTested
from contracts.events import Event, encode
from ledger import deliveries, delivery_list, webhooks
from ledger.clock import moment
from ledger.deliveries import Delivery
from ledger.store import Connection
from ledger.vault import new_secret
from ledger.webhooks import Address, Hook
from ops.problem import Problem, bad_input
from workers.app import App, NotWanted
from workers.route import WEBHOOK
from workers.settle import Word

log = structlog.get_logger()


class NotTaken(Problem):
    """A webhook did not take what it was sent."""


def add(app: App, hosts: PublicHosts, hook: Hook, url: str, *, who: str) -> str:
    """Register a webhook; its secret is told this once."""
    try:
        hosts.read(url)
    except NotNamed as error:
        raise bad_input(f"URL: {error}; name a host within in TORITSUGI_WEBHOOK_HOSTS") from None
    except NotAllowed as error:
        raise bad_input(f"URL: {error}") from None
    address = Address(url, new_secret())
    if not app.store.write(
        lambda db: webhooks.add(db, app.vault, hook.name, address, hook.types, hook.partners)
    ):
        raise Problem(f"{hook.name} is registered already: remove it first, or choose another name")
    log.info("webhook.added", webhook=hook.name, who=who)
    return address.secret


def enable(app: App, name: str, word: Word) -> int:
    """Send it events again; give how many deliveries are due for it now."""

    def write(db: Connection) -> int:
        hook = _found(db, name)
        webhooks.enable(db, name)
        return deliveries.release(db, hook.receiver)

    number = app.store.write(write)
    log.info("webhook.enabled", webhook=name, deliveries=number, who=word.who, why=word.why)
    return number


def disable(app: App, name: str, word: Word) -> None:
    """Send it nothing until it is enabled; what is open waits."""

    def write(db: Connection) -> None:
        hook = _found(db, name)
        webhooks.disable(db, name, f"{word.who}: {word.why}")
        deliveries.hold(db, hook.receiver)

    app.store.write(write)
    log.info("webhook.disabled", webhook=name, who=word.who, why=word.why)


def remove(app: App, name: str, word: Word) -> int:
    """Forget it; give how many open deliveries were dropped."""

    def write(db: Connection) -> int:
        hook = _found(db, name)
        webhooks.remove(db, name)
        return deliveries.drop(db, hook.receiver, "removed")

    number = app.store.write(write)
    log.info("webhook.removed", webhook=name, dropped=number, who=word.who, why=word.why)
    return number


def try_out(app: App, name: str) -> str:
    """Send an event of its own to the webhook at once; raise `NotTaken` when it is not."""
    hook = app.store.read(lambda db: _found(db, name))
    delivery = _trial(app, hook)
    try:
        app.carriers[WEBHOOK](app, delivery)
    except (TryLater, Refused, NotWanted) as error:
        raise NotTaken(f"{name} did not take it: {error.message} ({error.code})") from None
    return delivery.event


def retry(app: App, equal: Mapping[str, str | None], numbers: Sequence[int], word: Word) -> int:
    """Try again what was given up and fits; give how many."""
    found = app.store.write(lambda db: delivery_list.retry(db, equal, numbers))
    log.info("deliveries.retried", number=found, who=word.who, why=word.why)
    return found


def _found(db: Connection, name: str) -> Hook:
    hook = webhooks.find(db, name)
    if hook is None:
        raise bad_input(f"there is no webhook {name}: toritsugi webhooks list has them all")
    return hook


def _trial(app: App, hook: Hook) -> Delivery:
    """Give a delivery that stands in no ledger."""
    event = Event(
        id=app.postbox.new_id(),
        source=app.postbox.source,
        subject=hook.name,
        time=app.store.read(moment),
        data=WebhookTested(webhook=hook.name),
    )
    return Delivery(
        position=0,
        event=event.id,
        type=event.type,
        request=None,
        way=WEBHOOK,
        receiver=hook.receiver,
        attempts=1,
        fence=0,
        line=hook.receiver,
        age_s=0.0,
        body=encode(event),
    )
