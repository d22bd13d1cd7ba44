"""Answers a sender by mail: a letter is written, kept, and sent until it is taken.

The Message-ID is made from what the letter tells, so that a letter sent twice is one to whoever
reads it. Never writes to whom `workers/drafts.py` does not name, and never more to one address
within an hour than a loop's brake lets through: the others wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters.errors import Refused, TryLater
from adapters.outbound.mail.letter import Envelope, compose, deliverable, desk_of
from adapters.outbound.mail.text import LETTERS, text_of
from contracts.events import Event, decode_event
from ledger import letters, mails
from ledger.clock import moment
from ledger.deliveries import Delivery
from ledger.store import Connection
from workers.app import App, NotWanted
from workers.drafts import Draft, drafted
from workers.post import Post

log = structlog.get_logger()
LEAST_WAIT_S = 300.0
"""Else all that wait would ask for each place that becomes free."""


def carry(app: App, delivery: Delivery) -> None:
    """Send the letter; raises `TryLater`, `Refused`, and `NotWanted` for what nobody shall get."""
    post = app.post
    if post is None or delivery.type not in LETTERS:
        raise NotWanted("no_letter")
    event = decode_event(delivery.body)
    letter = _Letter(app, post, event, drafted(app, post.own, event))
    try:
        receiver = deliverable(letter.draft.receiver)
        raw = app.store.write(letter.kept)
    except ValueError:
        raise Refused("no_address", "the address cannot stand in a mail") from None
    app.reach("reply.kept", delivery.request or "")
    post.smtp.send(raw, post.address, receiver)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter on its way to be kept."""

    app: App
    post: Post
    event: Event
    draft: Draft

    @property
    def message_id(self) -> str:
        """Give the letter's name: the same each time, and nothing that anybody could guess."""
        name = self.app.vault.fingerprint(f"letter:{self.draft.key}:{self.draft.receiver}")
        return f"{name}@{self.post.domain}"

    def kept(self, db: Connection) -> bytes:
        """Give the letter as it was kept, or write and keep it.

        Raises `TryLater`, and `NotWanted` for what another event told before.
        """
        app = self.app
        before = letters.kept(db, app.vault, self.message_id)
        if before is not None:
            event, raw = before
            if event not in {None, self.event.id}:
                raise NotWanted("told_before")
            return raw
        receiver = app.vault.fingerprint(f"letters:{self.draft.receiver.lower()}")
        if full_s := letters.full_s(db, receiver, self.post.per_hour):
            words = "this address got its share of letters for the hour"
            raise TryLater("too_many", words, after_s=max(full_s, LEAST_WAIT_S), named=True)
        raw = self.composed(moment(db))
        mails.keep(
            db,
            app.vault,
            raw,
            way="out",
            message_id=self.message_id,
            request=self.draft.request,
            receiver_print=receiver,
            why=self.event.id,
        )
        return raw

    def composed(self, at: datetime) -> bytes:
        draft = self.draft
        envelope = Envelope(
            sender=self.post.sender,
            receiver=draft.receiver,
            message_id=self.message_id,
            date=at,
            answers=draft.thread.last,
            thread=draft.thread.names,
        )
        desk = desk_of(self.post.sender)
        return compose(envelope, draft.about, text_of(self.event, draft.about, desk, draft.labels))
