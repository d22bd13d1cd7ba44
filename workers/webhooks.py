"""Carries deliveries to webhooks: where to, and what they are signed with, is found anew each time.

So a secret or an address that was changed is used at once, and what was removed gets nothing more.
"""

from __future__ import annotations

from adapters.errors import Refused, TryLater
from adapters.outbound.webhook import Message, WebhookSender
from ledger import webhooks
from ledger.deliveries import Delivery
from ledger.store import Connection
from ledger.webhooks import Address
from workers.app import App, NotWanted

NO_SECRET = "no_secret"  # noqa: S105  (a code, no secret)


class WebhookCarrier:
    """The way `webhook`; `secret` signs for senders that have none of their own."""

    def __init__(self, sender: WebhookSender, secret: str | None) -> None:
        self.sender = sender
        self._secret = secret

    def __call__(self, app: App, delivery: Delivery, /) -> None:
        address = app.store.read(lambda db: self._address(db, app, delivery))
        message = Message(address.url, address.secret, delivery.event, delivery.body)
        self.sender.send(message)

    def close(self) -> None:
        self.sender.close()

    def _address(self, db: Connection, app: App, delivery: Delivery) -> Address:
        if delivery.hook is not None:
            return _registered(db, app, delivery.hook)
        if delivery.request is None:
            raise NotWanted("no_address", "The event belongs to no request.")
        reply = webhooks.open_reply(db, app.vault, delivery.request)
        if reply.url is None:
            raise NotWanted("no_address", "The request names no webhook any more.")
        secret = reply.secret or self._secret
        if secret is None:
            words = "Nothing to sign with: set TORITSUGI_WEBHOOK_SECRET, then deliveries retry."
            raise Refused(NO_SECRET, words)
        return Address(reply.url, secret)


def _registered(db: Connection, app: App, name: str) -> Address:
    hook = webhooks.find(db, name)
    address = webhooks.open_hook(db, app.vault, name)
    if hook is None or address is None:
        raise NotWanted("removed", "The webhook was removed.")
    if hook.disabled_at is not None:
        raise TryLater("disabled", "The webhook is disabled.", after_s=0.0)
    return address
