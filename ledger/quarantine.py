"""What could not be read: kept as it came, answered once, never thrown away by itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from contracts.event_data import Unreadable as UnreadableEvent
from ledger import outbox
from ledger.clock import moment
from ledger.outbox import Note, Postbox
from ledger.tables import quarantine
from ledger.vault import Vault


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
    """A line of the quarantine's list."""

    id: str
    channel: str
    size: int
    code: str
    message: str
    place: str | None
    received_at: datetime


KNOWN = select(quarantine.c.id).where(quarantine.c.id == bindparam("which"))
KEEP = insert(quarantine).inline()
LIST = select(
    quarantine.c.id,
    quarantine.c.channel,
    quarantine.c.size,
    quarantine.c.code,
    quarantine.c.message,
    quarantine.c.place,
    quarantine.c.received_at,
).order_by(quarantine.c.received_at, quarantine.c.id)
RAW = select(quarantine.c.raw_sealed).where(quarantine.c.id == bindparam("which"))


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
    )
    outbox.add(db, [row])
    return which


def kept(db: Connection) -> list[Kept]:
    return [Kept(*row) for row in db.execute(LIST)]


def raw(db: Connection, vault: Vault, which: str) -> bytes | None:
    """Give the message as it came; None when there is none of that number."""
    sealed = db.execute(RAW, {"which": which}).scalar_one_or_none()
    return None if sealed is None else vault.open(sealed)


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
