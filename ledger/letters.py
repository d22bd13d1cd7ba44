"""Letters to whom a request came from: what they need to know, and each kept before it is sent.

A letter is kept once under its Message-ID, and a resend sends those bytes. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, select

from ledger import mails
from ledger.clock import from_now, now
from ledger.known import folded
from ledger.tables import agents, completions, partners, requests
from ledger.tables import mails as table
from ledger.vault import Vault

HOUR_S = 3_600


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Where a request came from, and where its sender wants answers."""

    request: str
    channel: str
    source: str
    partner: str | None
    domain: str | None
    """The partner's own, if it is on record."""
    body: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Thread:
    """The mails of a request, oldest first, and the last that its sender wrote."""

    names: Sequence[str] = ()
    last: str | None = None


WHO = (
    select(
        requests.c.channel,
        requests.c.source,
        requests.c.partner,
        partners.c.domain,
        requests.c.body,
    )
    .outerjoin(partners, partners.c.id == requests.c.partner)
    .where(requests.c.id == bindparam("of"))
)
AGENT = select(agents.c.sign_in).where(
    agents.c.partner == bindparam("of"), agents.c.sign_in == bindparam("by")
)
OPENED = select(requests.c.sender_id, requests.c.received_at).where(
    requests.c.id == bindparam("of"), requests.c.channel == bindparam("through")
)
COMPLETED = select(completions.c.sender_id, completions.c.at).where(
    completions.c.request == bindparam("of")
)
WRITTEN = select(table.c.message_id, table.c.at).where(
    table.c.request == bindparam("of"), table.c.way == "out"
)
KEPT = select(table.c.id, table.c.why).where(
    table.c.message_id == bindparam("name"), table.c.way == "out"
)
# The oldest of a whole share: once it is an hour old, there is room for one more.
OLDEST = (
    select(table.c.at, now().label("now"))
    .where(table.c.receiver_print == bindparam("receiver"), table.c.at > from_now("since_ms"))
    .order_by(table.c.at.desc())
    .offset(bindparam("others", type_=Integer))
    .limit(1)
)


def correspondent(db: Connection, request: str) -> Correspondent | None:
    row = db.execute(WHO, {"of": request}).one_or_none()
    return None if row is None else Correspondent(request, *row)


def is_agent(db: Connection, partner: str | None, address: str) -> bool:
    """Whether the address is the sign-in of one of the partner's agents."""
    found = db.execute(AGENT, {"of": partner, "by": folded(address)})
    return found.one_or_none() is not None


def thread(db: Connection, request: str, channel: str) -> Thread:
    """Give the thread; a sender's mails are known by the keys under which they came by `channel`.

    They are written with the request itself, so that no answer is quicker than they are.
    """
    theirs = [*db.execute(OPENED, {"of": request, "through": channel})]
    if theirs:
        theirs += db.execute(COMPLETED, {"of": request})
    ours = list(db.execute(WRITTEN, {"of": request}))
    moments: list[tuple[datetime, str]] = [(at, name) for name, at in [*theirs, *ours]]
    last = max(((at, name) for name, at in theirs or ours), default=None)
    return Thread([name for _, name in sorted(moments)], None if last is None else last[1])


def kept(db: Connection, vault: Vault, message_id: str) -> tuple[str | None, bytes] | None:
    """Give the event and the bytes of the letter that was kept under this Message-ID."""
    row = db.execute(KEPT, {"name": message_id}).first()
    raw = None if row is None else mails.raw(db, vault, row.id)
    return None if row is None or raw is None else (row.why, raw)


def full_s(db: Connection, receiver_print: str, share: int) -> float:
    """Give for how long the receiver gets nothing more, having its share for an hour; 0: not."""
    values = {"receiver": receiver_print, "others": share - 1, "since_ms": -HOUR_S * 1000}
    row = db.execute(OLDEST, values).one_or_none()
    return 0.0 if row is None else HOUR_S - (row.now - row.at).total_seconds()
