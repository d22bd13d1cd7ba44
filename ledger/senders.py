"""Systems that may send requests, each for its own partners: who they are, and how they prove it.

A key is kept as its fingerprint only, a secret sealed: neither is ever shown again.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ledger.clock import now
from ledger.tables import partners, senders
from ledger.vault import Vault, new_secret

SOURCE = "urn:toritsugi:sender:"
"""What the source of a sender begins with that names none."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A system that may send: as one source, for these partners and no others."""

    name: str
    source: str
    partners: tuple[str, ...]
    signs: bool
    created_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_why: str | None
    who: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sender proves itself with, in clear; one of the two."""

    key: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Registration:
    """A sender that is to be let in."""

    name: str
    source: str
    partners: tuple[str, ...]
    who: str


class NotRegistered(Exception):
    """A sender cannot be registered or revoked; the words say why."""


_shown = (
    senders.c.name,
    senders.c.source,
    senders.c.partners,
    senders.c.secret_sealed,
    senders.c.created_at,
    senders.c.revoked_at,
    senders.c.revoked_by,
    senders.c.revoked_why,
    senders.c.who,
)
LIST = select(*_shown).order_by(senders.c.name)
NAMED = select(*_shown).where(senders.c.name == bindparam("which"))
WITH_KEY = select(*_shown).where(senders.c.key_hash == bindparam("print"))
FOR_SOURCE = select(senders.c.name).where(
    senders.c.source == bindparam("of"), senders.c.name != bindparam("which")
)
OWNED = select(senders.c.source).where(senders.c.source.in_(bindparam("of", expanding=True)))
ACTIVE = select(senders.c.name).where(senders.c.revoked_at.is_(None)).order_by(senders.c.name)
FORGET = delete(senders).where(senders.c.name == bindparam("which"))
ADD = insert(senders).values(created_at=now()).inline()
REVOKE = (
    update(senders)
    .where(senders.c.name == bindparam("which"), senders.c.revoked_at.is_(None))
    .values(revoked_at=now(), revoked_by=bindparam("by"), revoked_why=bindparam("why"))
)
PARTNERS = select(partners.c.id).where(partners.c.id.in_(bindparam("ids", expanding=True)))


def new_credentials(*, signs: bool) -> Credentials:
    """Draw a key, or a secret to sign with as Standard Webhooks writes it."""
    if signs:
        return Credentials(secret=new_secret())
    return Credentials(key="tsk_" + secrets.token_urlsafe(32))


def add(db: Connection, vault: Vault, new: Registration, credentials: Credentials) -> None:
    """Let a sender in; one that was revoked comes back under its name. Raises `NotRegistered`."""
    before = named(db, new.name)
    if before is not None and before.revoked_at is None:
        raise NotRegistered(f"{new.name} is registered already: revoke it first")
    if (
        other := db.execute(FOR_SOURCE, {"of": new.source, "which": new.name}).scalar()
    ) is not None:
        raise NotRegistered(f"the source {new.source} is {other}'s: choose another")
    _check_partners(db, new.partners)
    db.execute(FORGET, {"which": new.name})
    db.execute(
        ADD,
        {
            "name": new.name,
            "source": new.source,
            "partners": list(new.partners),
            "key_hash": None if credentials.key is None else vault.fingerprint(credentials.key),
            "secret_sealed": credentials.secret and vault.seal(credentials.secret.encode()),
            "who": new.who,
        },
    )


def _check_partners(db: Connection, named_ones: Sequence[str]) -> None:
    known = set(db.execute(PARTNERS, {"ids": list(named_ones)}).scalars())
    if missing := [one for one in named_ones if one not in known]:
        words = "is in no directory here" if len(missing) == 1 else "are in no directory here"
        raise NotRegistered(f"{', '.join(missing)} {words}: import it first")


def revoke(db: Connection, name: str, *, who: str, why: str) -> None:
    """Let a sender in no more, from now on. Raises `NotRegistered`."""
    if db.execute(REVOKE, {"which": name, "by": who, "why": why}).rowcount:
        return
    known = named(db, name) is not None
    raise NotRegistered(f"{name} was revoked before" if known else f"there is no sender {name}")


def listing(db: Connection) -> list[Sender]:
    return [_sender(row) for row in db.execute(LIST)]


def active(db: Connection) -> list[str]:
    """Give the names of those that are let in."""
    return list(db.execute(ACTIVE).scalars())


def owned(db: Connection, sources: Collection[str]) -> set[str]:
    """Give those of the sources that are a sender's own, be it revoked or not."""
    return set(db.execute(OWNED, {"of": list(sources)}).scalars()) if sources else set()


def named(db: Connection, name: str) -> Sender | None:
    """Give the sender of this name, revoked or not."""
    row = db.execute(NAMED, {"which": name}).one_or_none()
    return None if row is None else _sender(row)


def with_key(db: Connection, vault: Vault, key: str) -> Sender | None:
    """Give the sender whose API key this is, revoked or not."""
    row = db.execute(WITH_KEY, {"print": vault.fingerprint(key)}).one_or_none()
    return None if row is None else _sender(row)


def secret(db: Connection, vault: Vault, name: str) -> str | None:
    """Give what the sender signs with; None for one that does not."""
    row = db.execute(NAMED, {"which": name}).one_or_none()
    sealed = None if row is None else row.secret_sealed
    return None if sealed is None else vault.open(sealed).decode()


def _sender(row: Any) -> Sender:
    return Sender(
        name=row.name,
        source=row.source,
        partners=tuple(row.partners),
        signs=row.secret_sealed is not None,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        revoked_why=row.revoked_why,
        who=row.who,
    )
