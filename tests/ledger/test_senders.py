from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from ledger import senders
from ledger.senders import NotRegistered, Registration, new_credentials
from ledger.store import Store
from ledger.tables import senders as table
from ledger.vault import Vault
from tests.builders import PARTNER, with_directory

DESK = Registration("desk", "urn:desk", (PARTNER,), "sato")


@pytest.fixture(name="known")
def _known(store: Store, vault: Vault) -> Store:
    with_directory(store, vault)
    return store


def add(store: Store, vault: Vault, new: Registration, *, signs: bool = False) -> str:
    """Let a sender in; give its key or secret."""
    drawn = new_credentials(signs=signs)
    store.write(lambda db: senders.add(db, vault, new, drawn))
    return drawn.key or drawn.secret or ""


def test_a_key_is_found_and_never_kept(known: Store, vault: Vault) -> None:
    """The sender is found by its key, and no column holds the key or the secret."""
    key = add(known, vault, DESK)
    secret = add(known, vault, replace(DESK, name="erp", source="urn:erp"), signs=True)

    found = known.read(lambda db: senders.with_key(db, vault, key))
    rows = known.read(lambda db: [dict(row) for row in db.execute(select(table)).mappings()])

    assert found is not None
    assert (found.name, found.partners, found.signs) == ("desk", (PARTNER,), False)
    assert known.read(lambda db: senders.secret(db, vault, "erp")) == secret
    assert not {one for one in (key, secret) if one in str(rows)}
    assert known.read(lambda db: senders.with_key(db, vault, key + "x")) is None


def test_credentials_are_drawn_anew() -> None:
    """No two are alike, and none shows itself."""
    first, second = new_credentials(signs=False), new_credentials(signs=False)
    assert first != second
    assert str(first.key) not in repr(first)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (DESK, "registered already"),
        (replace(DESK, name="erp"), "desk's"),
        (replace(DESK, name="erp", source="urn:erp", partners=("1", PARTNER)), "1 is in no"),
    ],
    ids=["name", "source", "partner"],
)
def test_what_does_not_fit_is_not_registered(
    known: Store, vault: Vault, new: Registration, why: str
) -> None:
    """A name and a source belong to one sender, and its partners to the directory."""
    add(known, vault, DESK)
    with pytest.raises(NotRegistered, match=why):
        add(known, vault, new)
    assert known.read(senders.active) == ["desk"]


def test_a_revoked_sender_comes_back_under_a_new_key(known: Store, vault: Vault) -> None:
    """Its old key is worth nothing, and its source stays its own meanwhile."""
    old = add(known, vault, DESK)
    known.write(lambda db: senders.revoke(db, "desk", who="sato", why="its key was lost"))
    assert known.read(senders.active) == []
    with pytest.raises(NotRegistered, match="desk's"):
        add(known, vault, replace(DESK, name="erp"))

    new = add(known, vault, DESK)

    assert known.read(lambda db: senders.with_key(db, vault, old)) is None
    assert known.read(lambda db: senders.with_key(db, vault, new)) is not None
    (listed,) = known.read(senders.listing)
    assert listed.revoked_at is None


@pytest.mark.parametrize("name", ["desk", "erp"])
def test_only_who_is_let_in_is_revoked(known: Store, vault: Vault, name: str) -> None:
    """Twice, or one that there is not: said, and nothing is changed."""
    add(known, vault, DESK)
    known.write(lambda db: senders.revoke(db, "desk", who="sato", why="its key was lost"))
    with pytest.raises(NotRegistered, match=r"before|no sender"):
        known.write(lambda db: senders.revoke(db, name, who="sato", why="again"))
