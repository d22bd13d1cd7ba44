"""Senders for tests: let in, and what they show."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from ledger import senders
from ledger.senders import Credentials, Registration
from tests.builders import PARTNER
from workers.app import App

DESK = "urn:desk"


def let_in(
    app: App,
    name: str = "desk",
    *,
    source: str = DESK,
    partners: tuple[str, ...] = (PARTNER,),
    signs: bool = False,
) -> Credentials:
    """Register a sender; give what it proves itself with."""
    drawn = senders.new_credentials(signs=signs)
    new = Registration(name, source, partners, "tests")
    app.store.write(lambda db: senders.add(db, app.vault, new, drawn))
    return drawn


def key_of(app: App, name: str = "desk", source: str = DESK) -> str:
    """Register a sender with an API key; give the key."""
    key = let_in(app, name, source=source).key
    assert key is not None
    return key


def secret_of(app: App, name: str = "desk", source: str = DESK) -> str:
    """Register a sender that signs; give its secret."""
    secret = let_in(app, name, source=source, signs=True).secret
    assert secret is not None
    return secret


def sign(secret: str, message_id: str, body: bytes, *, late_s: float = 0) -> tuple[str, str]:
    """Give timestamp and signature as a sender makes them whose clock is `late_s` behind."""
    at = datetime.fromtimestamp(int(time.time() - late_s), UTC)
    return str(int(at.timestamp())), Webhook(secret).sign(message_id, at, body.decode())
