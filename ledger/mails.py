"""Every mail that came or went, as it was: stored before anybody looks into it.

The same bytes are kept once, and what is dealt with stays so. Never deletes or reads a mail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, bindparam, insert, select, update

from ledger.clock import now
from ledger.tables import mails
from ledger.vault import Vault

Way = Literal["in", "out"]
State = Literal["kept", "recorded", "attached", "ignored", "quarantined"]
LONGEST_ID = 998
"""In bytes: it is the key of an index, and a PostgreSQL index takes no text of any length."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a mail; `kept` is stored and not dealt with."""

    state: State
    request: str | None
    why: str | None


KNOWN = select(mails.c.id).where(mails.c.id == bindparam("which"))
KEEP = insert(mails).values(at=now()).inline()
SETTLE = (
    update(mails)
    .where(mails.c.id == bindparam("which"))
    .values(state=bindparam("into"), why=bindparam("because"), request=bindparam("about"))
)
NAME = update(mails).where(mails.c.id == bindparam("which")).values(message_id=bindparam("called"))
STANDING = select(mails.c.state, mails.c.request, mails.c.why).where(
    mails.c.id == bindparam("which")
)
NAMED = (
    select(mails.c.message_id, mails.c.request)
    .where(mails.c.message_id.in_(bindparam("names", expanding=True)), mails.c.request.is_not(None))
    # Of mails that bear one name ours is the true one, else the first: it stands last, and counts.
    .order_by(mails.c.way, mails.c.at.desc())
)
SENT = (
    select(mails.c.message_id)
    .where(mails.c.message_id.in_(bindparam("names", expanding=True)), mails.c.way == "out")
    .limit(1)
)
KEPT = (
    select(mails.c.id)
    .where(mails.c.state == "kept", mails.c.way == "in")
    .order_by(mails.c.at, mails.c.id)
)
RAW = select(mails.c.raw_sealed).where(mails.c.id == bindparam("which"))


def mail_id(raw: bytes, way: Way) -> str:
    """Give the number that these bytes always have."""
    return "M-" + hashlib.sha256(way.encode() + b"\0" + raw).hexdigest()[:24].upper()


def bare_id(message_id: str | None) -> str | None:
    """Give a Message-ID without its brackets; None for one that names nothing."""
    bare = (message_id or "").strip(" \t\r\n<>")
    return bare if bare.isprintable() and 0 < len(bare.encode()) <= LONGEST_ID else None


def keep(  # noqa: PLR0913  (a row has so many columns)
    db: Connection,
    vault: Vault,
    raw: bytes,
    *,
    way: Way,
    message_id: str | None,
    request: str | None = None,
    state: State = "kept",
    receiver_print: str | None = None,
    why: str | None = None,
) -> str:
    """Store a mail unless it is there, and give its number; what became of it is not touched."""
    which = mail_id(raw, way)
    if db.execute(KNOWN, {"which": which}).one_or_none() is None:
        row = {
            "id": which,
            "way": way,
            "message_id": bare_id(message_id),
            "receiver_print": receiver_print,
            "request": request,
            "state": state,
            "why": why,
            "raw_sealed": vault.seal(raw),
        }
        db.execute(KEEP, row)
    return which


def name(db: Connection, which: str, message_id: str) -> None:
    """Write down the Message-ID of a mail that was kept before anybody read it."""
    db.execute(NAME, {"which": which, "called": bare_id(message_id)})


def settle(
    db: Connection, which: str, state: State, why: str | None = None, request: str | None = None
) -> None:
    """Write down what became of a mail, why, and which request it belongs to."""
    db.execute(SETTLE, {"which": which, "into": state, "because": why, "about": request})


def standing(db: Connection, which: str) -> Standing | None:
    row = db.execute(STANDING, {"which": which}).one_or_none()
    return None if row is None else Standing(*row)


def request_of(db: Connection, message_ids: Iterable[str]) -> str | None:
    """Give the request of the first of these mails that belongs to one, in the order given."""
    names = _bare(message_ids)
    found = {row.message_id: row.request for row in db.execute(NAMED, {"names": names})}
    return next((found[name] for name in names if name in found), None)


def is_ours(db: Connection, message_ids: Iterable[str]) -> bool:
    """Whether we sent one of these mails."""
    return db.execute(SENT, {"names": _bare(message_ids)}).first() is not None


def kept(db: Connection) -> Sequence[str]:
    """Give the mails that came and were not dealt with, oldest first."""
    return db.execute(KEPT).scalars().all()


def raw(db: Connection, vault: Vault, which: str) -> bytes | None:
    """Give the mail as it was; None when there is none of that number."""
    sealed = db.execute(RAW, {"which": which}).scalar_one_or_none()
    return None if sealed is None else vault.open(sealed)


def _bare(message_ids: Iterable[str]) -> list[str]:
    return [bare for name in message_ids if (bare := bare_id(name)) is not None]
