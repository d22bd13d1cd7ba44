"""What a letter needs before it is written: to whom, about what, after which mails.

Most tell of a request. One tells who wrote a mail that it is in quarantine: only the mail's own
sender, who was proven when it came, and whom the directory or the request still knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.inbound.mail_envelope import Envelope, envelope_of
from adapters.inbound.mail_headers import taken_apart
from adapters.inbound.mail_wording import wording_of
from adapters.outbound.mail.about import About, about
from contracts.event_data import OfRequest, Unreadable
from contracts.events import Event
from ledger import letters, quarantine
from ledger.letters import Correspondent, Thread
from ledger.store import Connection
from workers.addressee import MAIL, Nobody, addressee
from workers.app import App, NotWanted
from workers.mail_intake import known


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter that is still to be written."""

    key: str
    """What its name is made from: the same for what is to be told once."""
    receiver: str
    about: About
    thread: Thread
    request: str | None
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of the mail that it answers, by field."""


def drafted(app: App, own: frozenset[str], event: Event) -> Draft:
    """Find out what the letter needs; raises `NotWanted` where nobody shall get one."""
    try:
        if isinstance(event.data, Unreadable):
            return _of_mail(app, own, event.data)
        if isinstance(event.data, OfRequest):
            request = event.data.request
            return app.store.read(lambda db: _of_request(db, own, event.id, request))
    except Nobody as nobody:
        raise NotWanted(nobody.code) from None
    raise NotWanted("no_letter")


def _of_request(db: Connection, own: frozenset[str], event: str, request: str) -> Draft:
    found = letters.correspondent(db, request)
    if found is None:
        raise NotWanted("unknown_request")
    return Draft(
        key=event,
        receiver=addressee(
            found, own, lambda address: letters.is_agent(db, found.partner, address)
        ),
        about=about(found.request, dict(found.body)),
        thread=letters.thread(db, found.request, MAIL),
        request=found.request,
    )


def _of_mail(app: App, own: frozenset[str], told: Unreadable) -> Draft:
    """Draft what is told once of a mail, however often and by whatever ways it came."""
    mail = taken_apart(app.store.read(lambda db: _waiting(db, app, told.quarantine)))
    envelope = envelope_of(mail)
    sender = envelope.sender or ""
    partners, matter = app.store.read(lambda db: known(db, sender, envelope))
    theirs = matter if matter is not None and sender in matter.parties else None
    if not partners and theirs is None:
        raise NotWanted("foreign_address")
    proven = Correspondent(told.quarantine, MAIL, f"mailto:{sender}", None, None, {})
    name, wording = envelope.message_id or told.quarantine, wording_of(mail)
    number, body = (theirs.request, theirs.body) if theirs else (told.quarantine, wording.body)
    return Draft(
        key=f"{sender}:{name}:{told.error.code}:{told.error.message}",
        receiver=addressee(proven, own, lambda _: False),
        about=about(number, dict(body)),
        thread=_thread(envelope),
        request=theirs.request if theirs else None,
        labels=wording.labels,
    )


def _waiting(db: Connection, app: App, which: str) -> bytes:
    """Give the mail, unless it has become a request since."""
    kept, raw = quarantine.one(db, which), quarantine.raw(db, app.vault, which)
    if kept is None or raw is None or kept.outcome == "released":
        raise NotWanted("released")
    return raw


def _thread(envelope: Envelope) -> Thread:
    last = envelope.message_id
    return Thread([*reversed(envelope.thread), *([last] if last else [])], last)
