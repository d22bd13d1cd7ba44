"""Who sent a message, and may they: one answer for every way in.

A sender proves itself by an API key, by a signature as in Standard Webhooks, or by the word of the
server that carried the message (a stream or a user of its own). It sends as its own source and for
its own partners. Where the deployment is open, who shows nothing is let in, and may send as anybody
but a registered sender. Stores nothing: what is refused comes back as such, and is kept by whoever
records it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from standardwebhooks.webhooks import Webhook

from contracts.incoming import Incoming, Parsed
from contracts.malformed import Fault, Malformed
from ledger import senders
from ledger.clock import moment
from ledger.senders import Sender
from ledger.store import Connection
from workers.app import App

TOLERANCE = timedelta(minutes=5)
SHOW = "show an API key, sign it, or send it on a stream of your own (docs/http.md)"
ASK = "ask the operator for a new one"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature over `id.timestamp.body`, as the sender gave its parts."""

    id: str
    timestamp: str
    """Seconds since 1970."""
    signature: str = field(repr=False)
    """One or more, with blanks between: `v1,BASE64`."""
    body: bytes = field(repr=False)
    at: datetime | None = None
    """When it was handed over, if it may have waited since; None: now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message says of its sender, and how it proves it; nothing: nobody."""

    name: str | None = None
    """Vouched for by the server that carried it; with `signed`, as the message says."""
    key: str | None = field(default=None, repr=False)
    signed: Signed | None = None


NOBODY = Claim()


def admit_sender(app: App, claim: Claim, item: Parsed) -> Parsed:
    """Give the item as it is, or with what its sender may not."""
    return admit_senders(app, [(claim, item)])[0]


def admit_senders(app: App, claimed: Sequence[tuple[Claim, Parsed]]) -> list[Parsed]:
    """Do so for a batch, with one look at the ledger; in order."""
    return app.store.read(lambda db: _admitted(db, app, claimed))


def _admitted(db: Connection, app: App, claimed: Sequence[tuple[Claim, Parsed]]) -> list[Parsed]:
    found: list[Parsed] = []
    owned = _owned(db, app, [item for _, item in claimed])
    for claim, item in claimed:
        try:
            found.append(_confined(_identified(db, app, claim), item, owned))
        except Malformed as fault:
            found.append(refused(fault, item))
    return found


def refused(fault: Malformed, item: Parsed) -> Parsed:
    """Give the item as one that is not taken, under the key it came with."""
    source, sender_id = _key(item)
    known = Malformed(fault.code, fault.faults, source=source, sender_id=sender_id)
    return Parsed(item.raw, known)


def _key(item: Parsed) -> tuple[str | None, str | None]:
    if isinstance(item.outcome, Incoming):
        return item.outcome.source, item.outcome.id
    return item.outcome.source, item.outcome.sender_id


# ---- Who -----------------------------------------------------------------------------------------


def identify(app: App, claim: Claim) -> Sender | None:
    """Give the sender; None is nobody, where anyone is let in. Raise Malformed `unauthorised`."""
    if not app.registered and claim == NOBODY:
        return None
    return app.store.read(lambda db: _identified(db, app, claim))


def _identified(db: Connection, app: App, claim: Claim) -> Sender | None:
    if claim.key is not None:
        return _known(senders.with_key(db, app.vault, claim.key), "the API key")
    if claim.signed is not None:
        _check(db, app, claim.name or "", claim.signed)
        return _known(senders.named(db, claim.name or ""), "the sender")
    found = None if claim.name is None else senders.named(db, claim.name)
    if found is not None or app.registered:
        return _known(found, "the sender" if claim.name else "")
    return None


def _known(found: Sender | None, what: str) -> Sender:
    if not what:
        _refuse(f"is not told; {SHOW}")
    if found is None:
        _refuse(f"is not known: {what} is none of those registered here; {ASK}")
    if found.revoked_at is not None:
        _refuse(f"is let in no more: {what} was revoked; {ASK}")
    return found


def _check(db: Connection, app: App, name: str, signed: Signed) -> None:
    """Raise Malformed unless the sender's secret signed just this, not long ago."""
    secret = senders.secret(db, app.vault, name)
    if secret is None:
        _refuse("is not known: no sender of this name signs; name it as it was registered")
    at = _moment(signed.timestamp)
    if at is None or abs((signed.at or moment(db)) - at) > TOLERANCE:
        _refuse("is not proven: the timestamp is not within five minutes; check your clock")
    if not _fits(secret, signed, at):
        _refuse("is not proven: the signature does not fit; sign id.timestamp.body as sent")


def _fits(secret: str, signed: Signed, at: datetime) -> bool:
    try:
        expected = Webhook(secret).sign(signed.id, at, signed.body.decode())
        given = [one.encode() for one in signed.signature.split()]
    except UnicodeError:
        return False
    return any(hmac.compare_digest(expected.encode(), one) for one in given)


def _moment(seconds: str) -> datetime | None:
    """Read whole seconds; None for anything else."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds.isascii() else None
    except (ValueError, OverflowError, OSError):
        return None


def _refuse(words: str) -> NoReturn:
    raise Malformed("unauthorised", Fault("sender", words))


# ---- What they may -------------------------------------------------------------------------------


def confine(app: App, sender: Sender | None, items: Sequence[Parsed]) -> list[Parsed]:
    """Give each item as it is, or as refused where it is not the sender's, or nobody's, to send."""
    owned = set() if sender else app.store.read(lambda db: _owned(db, app, items))
    return [_confined(sender, item, owned) for item in items]


def _owned(db: Connection, app: App, items: Sequence[Parsed]) -> set[str]:
    """Give those of the sources that nobody may use who is let in without showing anything."""
    if app.registered:
        return set()
    return senders.owned(
        db, {one.outcome.source for one in items if isinstance(one.outcome, Incoming)}
    )


def _confined(sender: Sender | None, item: Parsed, owned: Collection[str]) -> Parsed:
    if isinstance(item.outcome, Malformed):
        return item
    fault = _overstepped(sender, item.outcome) if sender else _usurped(item.outcome, owned)
    return item if fault is None else refused(fault, item)


def _usurped(incoming: Incoming, owned: Collection[str]) -> Malformed | None:
    if incoming.source not in owned:
        return None
    return Malformed("foreign_source", Fault("source", f"is a registered sender's own; {SHOW}"))


def _overstepped(sender: Sender, incoming: Incoming) -> Malformed | None:
    if incoming.source != sender.source:
        words = f"is not {sender.name}'s: it sends as {sender.source}, and as nobody else"
        return Malformed("foreign_source", Fault("source", words))
    partner = incoming.request.partner
    if partner is not None and partner not in sender.partners:
        words = (
            f"is none that {sender.name} files for; have the operator add it, or send as another"
        )
        return Malformed("foreign_partner", Fault("data.partner", words))
    return None
