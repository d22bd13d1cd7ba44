"""The directory read back from either database, in the form of its file."""

from __future__ import annotations

from contracts.directory import Directory
from contracts.directory_file import read_directory, write_directory
from ledger import directory as ledger_directory
from ledger import views
from ledger.directory_export import SEALED, export
from ledger.store import Store
from ledger.vault import Vault
from tests.builders import ACCESS_ID, DIRECTORY, GOLD, PARTNER, the_directory, with_directory


def take_in(store: Store, vault: Vault, directory: Directory) -> None:
    """Import a directory."""
    store.write(lambda db: ledger_directory.take_in(db, vault, directory, who="test"))


def whole(store: Store, vault: Vault) -> Directory:
    """Export with the ids in clear."""
    return store.read(lambda db: export(db, vault.open))


def test_what_was_taken_in_comes_back(store: Store, vault: Vault) -> None:
    """Every field of the file is there again, and once more changes nothing."""
    with_directory(store, vault)
    (found,), (wanted,) = whole(store, vault).partners, the_directory().partners
    assert {one.sign_in: one for one in found.agents} == {one.sign_in: one for one in wanted.agents}
    assert set(found.customers) == set(wanted.customers)
    assert set(found.contracts) == set(wanted.contracts)
    text = write_directory(whole(store, vault), secrets=True)
    take_in(store, vault, read_directory(text))
    assert write_directory(whole(store, vault), secrets=True) == text
    assert len(store.read(views.account)) == 1


def test_links_of_each_sign_in_come_back(store: Store, vault: Vault) -> None:
    """A link made at first use belongs to its own sign-in, and to no other partner's namesake."""
    with_directory(store, vault)
    store.write(lambda db: ledger_directory.link(db, PARTNER, "help@contoso.example", GOLD))
    other = DIRECTORY.replace(PARTNER, "4600000").replace('_id: "0', '_id: "9')
    take_in(store, vault, read_directory(other))
    linked = {
        (partner.id, agent.sign_in): agent.linked_contracts
        for partner in whole(store, vault).partners
        for agent in partner.agents
    }
    assert linked == {
        ("4600000", "sato@contoso.example"): ("gold-2026",),
        ("4600000", "help@contoso.example"): (),
        (PARTNER, "sato@contoso.example"): ("gold-2026",),
        (PARTNER, "help@contoso.example"): ("gold-2026",),
    }


def test_without_an_opener_ids_stay_sealed(store: Store, vault: Vault) -> None:
    """Nobody's key is needed to look, and no id is found out."""
    with_directory(store, vault)
    sealed = store.read(export)
    text = write_directory(sealed, secrets=True)
    assert ACCESS_ID not in text
    assert f'access_id: "{SEALED}"' in text
    assert '"***"' in write_directory(sealed, secrets=False)


def test_a_kind_that_came_to_be_counted_opens_with_nothing(store: Store, vault: Vault) -> None:
    """A contract without an opening entry is exported as one that can be taken in again."""
    uncounted = DIRECTORY.replace("kind: gold_20", "kind: asfp").replace("incidents: 20", "")
    take_in(store, vault, read_directory(uncounted))
    with_directory(store, vault)
    (partner,) = whole(store, vault).partners
    (gold,) = (one for one in partner.contracts if one.name == "gold-2026")
    assert gold.incidents == 0
    read_directory(write_directory(whole(store, vault), secrets=True))
