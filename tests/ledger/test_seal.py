from __future__ import annotations

import pytest

from ledger import seal
from ledger.store import Store
from ledger.vault import Vault, VaultError, new_key


def test_every_process_has_the_same_key(store: Store, vault: Vault) -> None:
    """The first key is kept in mind; a process with another is sent away with what to do."""
    for _ in range(2):
        store.write(lambda db: seal.agree(db, vault))

    with pytest.raises(VaultError, match="TORITSUGI_SECRETS_KEY"):
        store.write(lambda db: seal.agree(db, Vault(new_key())))
