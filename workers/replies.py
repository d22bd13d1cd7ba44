"""Answers a request's sender by mail: a letter is written, kept, and sent until it is taken.

The Message-ID is made from the event, so that a letter sent twice is one to whoever reads it. Never
writes to whom the partner does not vouch for, and never more to one address within an hour than a
loop's brake lets through: the others wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters.errors import Refused, TryLater
from adapters.outbound.mail.about import about
from adapters.outbound.mail.letter import Envelope, compose, deliverable, desk_of
from adapters.outbound.mail.text import LETTERS, text_of
from contracts.events import Event, decode_event
from ledger import letters, mails
from ledger.clock import moment
from ledger.deliveries import Delivery
from ledger.letters import Correspondent
from ledger.store import Connection
from workers.addressee import MAIL, Nobody, addressee
from workers.app import App, NotWanted
from workers.post import Post

log = structlog.get_logger()
LEAST_WAIT_S = 300.0
"""Else all that wait would ask for each place that becomes free."""


def carry(app: App, delivery: Delivery) -> None:
    """Send the letter; raises `TryLater`, `Refused`, and `NotWanted` for what nobody shall get."""
    post = app.post
    if post is None or delivery.request is None or delivery.type not in LETTERS:
        raise NotWanted("no_letter")
    letter = _letter(app, post, delivery.request, decode_event(delivery.body))
    try:
        receiver = deliverable(letter.receiver)
        raw = app.store.write(letter.kept)
    except ValueError:
        raise Refused("no_address", "the address cannot stand in a mail") from None
    app.reach("reply.kept", delivery.request)
    post.smtp.send(raw, post.address, receiver)


def _letter(app: App, post: Post, request: str, event: Event) -> _Letter:
    """Find out who gets it, and by which name it goes; raises `NotWanted`."""
    found = app.store.read(lambda db: letters.correspondent(db, request))
    if found is None:
        raise NotWanted("unknown_request")
    try:
        receiver = app.store.read(
            lambda db: addressee(
                found, post.own, lambda address: letters.is_agent(db, found.partner, address)
            )
        )
    except Nobody as nobody:
        raise NotWanted(nobody.code) from None
    return _Letter(app, post, found, event, receiver)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter on its way to be kept."""

    app: App
    post: Post
    found: Correspondent
    event: Event
    receiver: str

    @property
    def message_id(self) -> str:
        """Give the letter's name: the same each time, and nothing that anybody could guess."""
        name = self.app.vault.fingerprint(f"letter:{self.event.id}:{self.receiver}")
        return f"{name}@{self.post.domain}"

    def kept(self, db: Connection) -> bytes:
        """Give the letter as it was kept, or write and keep it; raises `TryLater`."""
        app, request = self.app, self.found.request
        before = letters.kept(db, app.vault, self.message_id)
        if before is not None:
            return before
        receiver = app.vault.fingerprint(f"letters:{self.receiver.lower()}")
        if full_s := letters.full_s(db, receiver, self.post.per_hour):
            words = "this address got its share of letters for the hour"
            raise TryLater("too_many", words, after_s=max(full_s, LEAST_WAIT_S), named=True)
        raw = self.composed(db, moment(db))
        mails.keep(
            db,
            app.vault,
            raw,
            way="out",
            message_id=self.message_id,
            request=request,
            receiver_print=receiver,
        )
        return raw

    def composed(self, db: Connection, at: datetime) -> bytes:
        request = about(self.found.request, dict(self.found.body))
        thread = letters.thread(db, self.found.request, MAIL)
        envelope = Envelope(
            sender=self.post.sender,
            receiver=self.receiver,
            message_id=self.message_id,
            date=at,
            answers=thread.last,
            thread=thread.names,
        )
        return compose(envelope, request, text_of(self.event, request, desk_of(self.post.sender)))
