"""Registered webhooks: who gets events without asking for them in a request, and how they fare.

One that has failed for too long is disabled: its open deliveries wait, and no new ones are made
out. Calls nobody. Addresses and secrets are sealed; `open_hook` is the one way to read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from ledger.clock import from_now, moment, now
from ledger.tables import requests, senders, webhooks
from ledger.vault import Vault

HOOK = "hook:"
"""What a registered webhook's name as a receiver begins with."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A registered webhook; no types or partners: all of them."""

    name: str
    types: Sequence[str]
    partners: Sequence[str]
    created_at: datetime
    failing_since: datetime | None = None
    disabled_at: datetime | None = None
    disabled_why: str | None = None

    @property
    def receiver(self) -> str:
        return f"{HOOK}{self.name}"

    def wants(self, kind: str, partner: str | None) -> bool:
        """Whether an event of this type and partner goes there."""
        return (not self.types or kind in self.types) and (
            not self.partners or partner in self.partners
        )


@dataclass(frozen=True, slots=True)
class Address:
    """Where events are sent, and what they are signed with: both secret."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    """`whsec_` and base64, as Standard Webhooks has it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Where a request's sender wants events, and what signs them; None: it never said."""

    url: str | None = field(repr=False)
    secret: str | None = field(repr=False)


_name = webhooks.c.name == bindparam("which")
ADD = insert(webhooks).inline()
HOOKS = select(
    webhooks.c.name,
    webhooks.c.types,
    webhooks.c.partners,
    webhooks.c.created_at,
    webhooks.c.failing_since,
    webhooks.c.disabled_at,
    webhooks.c.disabled_why,
).order_by(webhooks.c.name)
ENABLED = HOOKS.where(webhooks.c.disabled_at.is_(None))
SEALED = select(webhooks.c.url_sealed, webhooks.c.secret_sealed).where(_name)
WELL = (
    update(webhooks).where(_name, webhooks.c.failing_since.is_not(None)).values(failing_since=None)
)
ILL = update(webhooks).where(_name, webhooks.c.failing_since.is_(None)).values(failing_since=now())
GIVE_UP = (
    update(webhooks)
    .where(
        _name, webhooks.c.disabled_at.is_(None), webhooks.c.failing_since <= from_now("before_ms")
    )
    .values(disabled_at=now(), disabled_why=bindparam("why"))
)
DISABLE = (
    update(webhooks)
    .where(_name, webhooks.c.disabled_at.is_(None))
    .values(disabled_at=now(), disabled_why=bindparam("why"))
)
ENABLE = (
    update(webhooks).where(_name).values(disabled_at=None, disabled_why=None, failing_since=None)
)
REPLY = (
    select(requests.c.body["reply_to"].label("reply_to"), senders.c.secret_sealed)
    .outerjoin(senders, and_(senders.c.source == requests.c.source, senders.c.revoked_at.is_(None)))
    .where(requests.c.id == bindparam("of"))
)
REMOVE = delete(webhooks).where(_name)


def add(
    db: Connection,
    vault: Vault,
    name: str,
    address: Address,
    types: Sequence[str],
    partners: Sequence[str],
) -> bool:
    """Register a webhook; False when there is one of that name."""
    if find(db, name) is not None:
        return False
    row = {
        "name": name,
        "url_sealed": vault.seal(address.url.encode()),
        "secret_sealed": vault.seal(address.secret.encode()),
        "types": list(types),
        "partners": list(partners),
        "created_at": moment(db),
    }
    db.execute(ADD, row)
    return True


def everyone(db: Connection) -> list[Hook]:
    return [Hook(*row) for row in db.execute(HOOKS)]


def enabled(db: Connection) -> list[Hook]:
    return [Hook(*row) for row in db.execute(ENABLED)]


def find(db: Connection, name: str) -> Hook | None:
    return next((hook for hook in everyone(db) if hook.name == name), None)


def open_hook(db: Connection, vault: Vault, name: str) -> Address | None:
    """Give address and secret in clear; None when there is no webhook of that name."""
    row = db.execute(SEALED, {"which": name}).one_or_none()
    if row is None:
        return None
    return Address(vault.open(row.url_sealed).decode(), vault.open(row.secret_sealed).decode())


def open_reply(db: Connection, vault: Vault, request: str) -> Reply:
    """Give where a request's sender wants events, and what that sender's events are signed with."""
    row = db.execute(REPLY, {"of": request}).one()
    sealed = row.secret_sealed
    secret = None if sealed is None else vault.open(sealed).decode()
    return Reply((row.reply_to or {}).get("webhook"), secret)


def well(db: Connection, name: str) -> None:
    """Write down that an event was taken."""
    db.execute(WELL, {"which": name})


def ill(db: Connection, name: str, *, why: str, longest_s: float) -> bool:
    """Write down that an event was not taken; disable what fails for `longest_s` or more.

    Gives whether it was disabled just now.
    """
    db.execute(ILL, {"which": name})
    values = {"which": name, "why": why, "before_ms": -round(longest_s * 1000)}
    return db.execute(GIVE_UP, values).rowcount > 0


def disable(db: Connection, name: str, why: str) -> bool:
    """Send it nothing more; False when that is so already."""
    return db.execute(DISABLE, {"which": name, "why": why}).rowcount > 0


def enable(db: Connection, name: str) -> None:
    """Send it events again, as if it had never failed."""
    db.execute(ENABLE, {"which": name})


def remove(db: Connection, name: str) -> None:
    db.execute(REMOVE, {"which": name})
