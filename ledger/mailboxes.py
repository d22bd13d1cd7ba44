"""From which mail on a folder is ours: all that came later are, whoever has opened them.

Written once for each numbering (UIDVALIDITY) of the folder's mails, and never changed.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from ledger.clock import now
from ledger.tables import mailboxes

FIRST = select(mailboxes.c.first_uid).where(
    mailboxes.c.name == bindparam("called"), mailboxes.c.uid_validity == bindparam("numbering")
)
BEGIN = insert(mailboxes).values(at=now()).inline()


def first_uid(db: Connection, name: str, validity: int) -> int | None:
    """Give the number of the first mail that is ours; None for a numbering never seen before."""
    return db.execute(FIRST, {"called": name, "numbering": validity}).scalar_one_or_none()


def begin(db: Connection, name: str, validity: int, next_uid: int) -> int:
    """Have what comes from now on be ours, unless that was settled before; give its first."""
    # Another process may be quicker: then its word counts.
    with suppress(IntegrityError), db.begin_nested():
        db.execute(BEGIN, {"name": name, "uid_validity": validity, "first_uid": next_uid})
    return int(db.execute(FIRST, {"called": name, "numbering": validity}).scalar_one())
