"""A mail that a person vouches for: read as if its sender were proven. Stores nothing.

What it asks for in another partner's name is asked for on that person's word, too.
"""

from __future__ import annotations

from dataclasses import replace

from adapters.inbound.mail import parse_mail
from adapters.inbound.mail_envelope import envelope_of
from adapters.inbound.mail_headers import taken_apart
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed
from workers.app import App
from workers.mail_intake import known
from workers.mail_reading import answered, filled_in


def vouched(app: App, raw: bytes) -> Parsed:
    """Read an answer to a request of the sender's, or a new request."""
    (parsed,) = parse_mail(raw)
    if isinstance(parsed.outcome, Malformed):
        return parsed
    envelope = envelope_of(taken_apart(raw))
    sender = envelope.sender
    if sender is None:
        return Parsed(raw, Malformed("invalid_data", Fault("From", "must name one address")))
    partners, matter = app.store.read(lambda db: known(db, sender, envelope))
    if matter is None or sender not in matter.parties:
        incoming = replace(parsed.outcome, source=f"mailto:{sender}")
        return Parsed(raw, filled_in(app, incoming, partners))
    found = answered(app, raw, sender, partners, matter)
    if isinstance(found, Parsed):
        return found
    words = f"completes nothing of {matter.request}: {found}"
    return Parsed(raw, Malformed("not_incomplete", Fault("mail", words)))
