"""A finished draft through the one door, and what is missing through the same. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from contracts.codec import from_envelope
from contracts.incoming import Incoming, Parsed
from contracts.request import REQUEST_TYPE
from workers.app import App
from workers.listeners.form.checking import SOURCE
from workers.record import Receipt, record

CHANNEL = "form"


def send(app: App, incoming: Incoming) -> Receipt:
    """Store a request under the form's key: sent again it is the same request."""
    (receipt,) = record(app, CHANNEL, [Parsed(orjson.dumps(incoming.data), incoming)])
    return receipt


def bring(app: App, number: str, key: str, data: Mapping[str, Any]) -> Receipt:
    """Bring an incomplete request what it lacks; raise Malformed if that cannot be read."""
    envelope = {"specversion": "1.0", "id": key, "source": SOURCE, "type": REQUEST_TYPE}
    event = {**envelope, "subject": number, "data": dict(data)}
    incoming = from_envelope(event)
    (receipt,) = record(app, CHANNEL, [Parsed(orjson.dumps(event), incoming)])
    return receipt


def token_of(app: App, number: str) -> str:
    """Give what opens a request's page beside its number: nobody can make it up."""
    return app.vault.fingerprint(f"form page of {number}")
