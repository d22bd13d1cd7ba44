"""Which key the secrets of this database were sealed with: every process must have that one."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from ledger.tables import seal
from ledger.vault import Vault, VaultError

MARK = "toritsugi"
KNOWN = select(seal.c.fingerprint)
KEEP = insert(seal).inline()


def agree(db: Connection, vault: Vault) -> None:
    """Keep the key's fingerprint at first use; raise `VaultError` for another key later."""
    mine = vault.fingerprint(MARK)
    known = db.execute(KNOWN).scalars().all()
    if not known:
        db.execute(KEEP, {"fingerprint": mine})
    elif mine not in known:
        raise VaultError(
            "this database was sealed with another key: set TORITSUGI_SECRETS_KEY to that one, "
            "the same on every machine"
        )
