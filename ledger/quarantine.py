"""What could not be read: kept as it came, answered once, never thrown away by itself.

A person ends it, once: released, it is the request that its bytes became; dropped, it stays here.
Either way the bytes stay as they came.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    bindparam,
    insert,
    literal,
    select,
    tuple_,
    update,
)

from contracts.event_data import Unreadable as UnreadableEvent
from ledger import outbox
from ledger.clock import moment, now
from ledger.outbox import Note, Postbox
from ledger.tables import quarantine
from ledger.vault import Vault

MAIL = "mail"
"""The channel that names a source only where the sender is proven."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message and what is wrong with it; `place` says where."""

    channel: str
    raw: bytes = field(repr=False)
    code: str
    message: str
    place: str | None = None
    source: str | None = None
    sender_id: str | None = None

    @property
    def id(self) -> str:
        """Give the same number to the same message and fault: a redelivery is kept once."""
        key = json.dumps([self.channel, self.code, self.source, self.sender_id])
        digest = hashlib.sha256(key.encode() + self.raw)
        return "Q-" + digest.hexdigest()[:16].upper()


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the quarantine's list; `source` and `sender_id` as far as they could be read."""

    id: str
    channel: str
    size: int
    code: str
    message: str
    place: str | None
    source: str | None
    sender_id: str | None
    received_at: datetime
    ended_at: datetime | None
    outcome: str | None
    """`released` or `dropped`; None while it waits for a person."""
    request: str | None
    who: str | None
    why: str | None

    @property
    def mark(self) -> str:
        """Where the next page starts."""
        return f"{self.received_at.isoformat()}|{self.id}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which messages a list shows; None does not filter."""

    code: str | None = None
    channel: str | None = None
    since: datetime | None = None
    ended: bool = False
    """Whether those that are released or dropped are shown, too."""


@dataclass(frozen=True, slots=True)
class End:
    """How a person ends a message's stay: `released` or `dropped`, in whose name, and why."""

    outcome: str
    who: str
    why: str
    request: str | None = None
    repaired: bytes | None = field(default=None, repr=False)
    """What was fed in in its place."""


KNOWN = select(quarantine.c.id).where(quarantine.c.id == bindparam("which"))
KEEP = insert(quarantine).inline()
LIST = select(
    quarantine.c.id,
    quarantine.c.channel,
    quarantine.c.size,
    quarantine.c.code,
    quarantine.c.message,
    quarantine.c.place,
    quarantine.c.source,
    quarantine.c.sender_id,
    quarantine.c.received_at,
    quarantine.c.ended_at,
    quarantine.c.outcome,
    quarantine.c.request,
    quarantine.c.who,
    quarantine.c.why,
).order_by(quarantine.c.received_at, quarantine.c.id)
ONE = LIST.where(quarantine.c.id == bindparam("which"))
HOLD = ONE.with_for_update()
SENDER = select(quarantine.c.source).where(
    quarantine.c.id == bindparam("which"), quarantine.c.channel == MAIL
)
RAW = select(quarantine.c.raw_sealed).where(quarantine.c.id == bindparam("which"))
FINISH = (
    update(quarantine)
    .where(quarantine.c.id == bindparam("which"), quarantine.c.ended_at.is_(None))
    .values(
        ended_at=now(),
        outcome=bindparam("how", type_=String),
        request=bindparam("became", type_=String),
        repaired_sealed=bindparam("repaired", type_=LargeBinary),
        who=bindparam("by", type_=String),
        why=bindparam("because", type_=String),
    )
)


def keep(db: Connection, vault: Vault, postbox: Postbox, unreadable: Unreadable) -> str:
    """Keep the message with its `message.unreadable` event; give its number in quarantine."""
    which = unreadable.id
    if db.execute(KNOWN, {"which": which}).one_or_none() is not None:
        return which
    at = moment(db)
    db.execute(KEEP, _row(unreadable, vault, at))
    note = Note(UnreadableEvent, {"quarantine": which, "error": _error(unreadable)})
    row = postbox.row(
        note,
        which,
        at,
        correlationid=unreadable.sender_id,
        causesource=unreadable.source,
        replies=unreadable.channel == MAIL and unreadable.source is not None,
    )
    outbox.add(db, [row])
    return which


def kept(db: Connection) -> list[Kept]:
    return [Kept(*tuple(row)) for row in db.execute(LIST)]


def listing(db: Connection, chosen: Chosen, *, most: int, after: str | None = None) -> list[Kept]:
    """Give a page, oldest first, that starts behind the line marked `after`."""
    query = LIST.limit(most)
    for column, value in ((quarantine.c.code, chosen.code), (quarantine.c.channel, chosen.channel)):
        if value is not None:
            query = query.where(column == value)
    if not chosen.ended:
        query = query.where(quarantine.c.ended_at.is_(None))
    if chosen.since is not None:
        query = query.where(quarantine.c.received_at >= chosen.since)
    if after is not None:
        query = query.where(_behind(after))
    return [Kept(*tuple(row)) for row in db.execute(query)]


def one(db: Connection, which: str) -> Kept | None:
    row = db.execute(ONE, {"which": which}).one_or_none()
    return None if row is None else Kept(*tuple(row))


def hold(db: Connection, which: str) -> Kept | None:
    """Give the message, and have everybody else who would end it wait for this unit of work."""
    row = db.execute(HOLD, {"which": which}).one_or_none()
    return None if row is None else Kept(*tuple(row))


def finish(db: Connection, vault: Vault, which: str, end: End) -> bool:
    """Write down how its stay ended; False when it had ended before."""
    values = {
        "which": which,
        "how": end.outcome,
        "became": end.request,
        "repaired": None if end.repaired is None else vault.seal(end.repaired),
        "by": end.who,
        "because": end.why,
    }
    return db.execute(FINISH, values).rowcount == 1


def sender(db: Connection, which: str) -> str | None:
    """Give the source of a mail whose sender is proven; None for every other message."""
    return db.execute(SENDER, {"which": which}).scalar_one_or_none()


def raw(db: Connection, vault: Vault, which: str) -> bytes | None:
    """Give the message as it came; None when there is none of that number."""
    sealed = db.execute(RAW, {"which": which}).scalar_one_or_none()
    return None if sealed is None else vault.open(sealed)


def _behind(mark: str) -> ColumnElement[bool]:
    at, _, last = mark.partition("|")
    moment_of_last = literal(datetime.fromisoformat(at), quarantine.c.received_at.type)
    line = tuple_(quarantine.c.received_at, quarantine.c.id)
    return line > tuple_(moment_of_last, literal(last))


def _row(unreadable: Unreadable, vault: Vault, at: datetime) -> dict[str, Any]:
    return {
        "id": unreadable.id,
        "channel": unreadable.channel,
        "raw_sealed": vault.seal(unreadable.raw),
        "size": len(unreadable.raw),
        "code": unreadable.code,
        "message": unreadable.message,
        "place": unreadable.place,
        "source": unreadable.source,
        "sender_id": unreadable.sender_id,
        "received_at": at,
    }


def _error(unreadable: Unreadable) -> dict[str, str]:
    place = unreadable.place or ""
    return {"code": unreadable.code, "message": unreadable.message, "place": place}
