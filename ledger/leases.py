"""Roles that one process at a time fills; anyone may take over a lapsed one.

A role that is named as its owner is the process's own: it tells others that it runs.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from ledger.clock import from_now, now
from ledger.tables import leases

_name = leases.c.name == bindparam("role")
KNOWN = select(leases.c.name).where(_name)
CREATE = insert(leases).values(fence=0, until=now()).inline()
TAKE = (
    update(leases)
    .where(_name, or_(leases.c.owner == bindparam("me"), leases.c.until < now()))
    .values(owner=bindparam("me"), until=from_now("lease_ms"), fence=leases.c.fence + 1)
    .returning(leases.c.fence)
)
GIVE_UP = delete(leases).where(_name, leases.c.owner == bindparam("me"))

_own = leases.c.name == leases.c.owner
RUNNING = select(leases.c.owner).where(_own, leases.c.until >= now()).order_by(leases.c.owner)
BURY = delete(leases).where(_own, leases.c.until < now())


def take(db: Connection, role: str, owner: str, lease_s: float) -> int | None:
    """Fill the role, or go on filling it; give the fence, or None while someone else fills it."""
    if db.execute(KNOWN, {"role": role}).one_or_none() is None:
        try:
            with db.begin_nested():
                db.execute(CREATE, {"name": role, "owner": owner})
        except IntegrityError:
            return None  # someone was quicker
    values = {"role": role, "me": owner, "lease_ms": round(lease_s * 1000)}
    return db.execute(TAKE, values).scalar_one_or_none()


def give_up(db: Connection, role: str, owner: str) -> None:
    db.execute(GIVE_UP, {"role": role, "me": owner})


def beat(db: Connection, owner: str, life_s: float) -> None:
    """Note that this process runs, and forget those that ended without a word."""
    db.execute(BURY)
    take(db, owner, owner, life_s)


def running(db: Connection) -> list[str]:
    """Name the processes that have shown that they run."""
    return list(db.execute(RUNNING).scalars())
