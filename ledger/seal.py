"""Which key the secrets of this database were sealed with: every process must have that one."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from ledger.tables import seal
from ledger.vault import Vault, VaultError

MARK = "toritsugi"
KNOWN = select(seal.c.fingerprint)
KEEP = insert(seal).inline()


def is_sealed(db: Connection) -> bool:
    """Whether secrets of this database were sealed with some key already."""
    return bool(db.execute(KNOWN).scalars().all())


def fits(db: Connection, vault: Vault) -> bool:
    """Whether the vault's key is the one, or would be the first."""
    known = db.execute(KNOWN).scalars().all()
    return not known or vault.fingerprint(MARK) in known


def agree(db: Connection, vault: Vault) -> None:
    """Keep the key's fingerprint at first use; raise `VaultError` for another key later."""
    if not is_sealed(db):
        db.execute(KEEP, {"fingerprint": vault.fingerprint(MARK)})
    elif not fits(db, vault):
        raise VaultError(
            "this database was sealed with another key: set TORITSUGI_SECRETS_KEY to that one, "
            "the same on every machine"
        )
