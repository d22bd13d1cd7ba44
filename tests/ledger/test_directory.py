from __future__ import annotations

from contracts.directory_file import read_directory
from ledger import directory, views
from ledger.store import Store
from ledger.vault import Vault
from tests.builders import (
    ACCESS_ID,
    AGENT,
    CONTRACT_ID,
    DIRECTORY,
    GOLD,
    PARTNER,
    with_directory,
)


def take_in(store: Store, vault: Vault, text: str) -> None:
    """Import the file."""
    read = read_directory(text)
    store.write(lambda db: directory.take_in(db, vault, read, who="test"))


def test_those_whom_a_request_names_are_found(store: Store, vault: Vault) -> None:
    """Partner, agent, customer and contracts come back as facts; names compare case-blind."""
    with_directory(store, vault)

    known = store.read(
        lambda db: directory.known(db, PARTNER, "Sato@Contoso.example", "FABRIKAM.example")
    )

    assert known.partner is not None
    assert known.agent is not None
    assert known.customer is not None
    assert known.partner.membership == "gold"
    assert known.agent.linked_contracts == {"gold-2026"}
    assert known.customer.delegated_admin == "active"
    assert {one.name: one.available for one in known.contracts} == {
        "gold-2026": 20,
        "scs-2026": None,
    }


def test_a_customer_is_found_by_a_further_domain(store: Store, vault: Vault) -> None:
    """A domain beside the tenant names the same customer."""
    with_directory(store, vault)

    known = store.read(lambda db: directory.known(db, PARTNER, AGENT, "fabrikam.co.example"))

    assert known.customer is not None
    assert known.customer.tenant == "fabrikam.example"


def test_strangers_are_not_on_record(store: Store, vault: Vault) -> None:
    """Whoever is not in the directory is None."""
    with_directory(store, vault)

    assert store.read(lambda db: directory.known(db, "1", AGENT, None)).partner is None
    known = store.read(lambda db: directory.known(db, PARTNER, "who@else", "nobody"))
    assert (known.agent, known.customer) == (None, None)


def test_importing_again_changes_what_the_file_says(store: Store, vault: Vault) -> None:
    """Agents and customers follow the file; a contract's account goes on."""
    with_directory(store, vault)
    smaller = DIRECTORY.replace("help@contoso.example", "new@contoso.example")
    take_in(store, vault, smaller.replace("incidents: 20", "incidents: 5"))

    gone = store.read(lambda db: directory.known(db, PARTNER, "help@contoso.example", None))
    new = store.read(lambda db: directory.known(db, PARTNER, "new@contoso.example", None))
    (gold,) = (one for one in store.read(views.balances) if one.contract == GOLD)

    assert gone.agent is None
    assert new.agent is not None
    assert gold.balance == 20
    assert len(store.read(views.account)) == 1


def test_ids_are_sealed_and_found_by_fingerprint(store: Store, vault: Vault) -> None:
    """The ids come back in clear for the portal alone; facts hold fingerprints."""
    with_directory(store, vault)

    ids = store.read(lambda db: directory.ids(db, vault, GOLD))
    known = store.read(lambda db: directory.known(db, PARTNER, AGENT, None))

    assert (ids.access_id, ids.contract_id) == (ACCESS_ID, CONTRACT_ID)
    assert ACCESS_ID not in repr(ids)
    assert ACCESS_ID not in repr(known)
    gold = next(one for one in known.contracts if one.name == "gold-2026")
    assert gold.access_id == vault.fingerprint(ACCESS_ID)


def test_a_link_is_made_once(store: Store, vault: Vault) -> None:
    """Linking twice is linking once, and later requests see it."""
    with_directory(store, vault)

    for _ in range(2):
        store.write(lambda db: directory.link(db, PARTNER, "Help@contoso.example", GOLD))

    known = store.read(lambda db: directory.known(db, PARTNER, "help@contoso.example", None))
    assert known.agent is not None
    assert known.agent.linked_contracts == {"gold-2026"}


def test_a_partner_may_have_thousands_of_customers(store: Store, vault: Vault) -> None:
    """What a file no longer names goes, however long the file is."""
    many = "".join(f"      - tenant: c{n}.example\n" for n in range(1_200))
    take_in(store, vault, DIRECTORY.replace("    contracts:\n", f"{many}    contracts:\n", 1))
    take_in(store, vault, DIRECTORY)

    gone = store.read(lambda db: directory.known(db, PARTNER, AGENT, "c7.example"))
    kept = store.read(lambda db: directory.known(db, PARTNER, AGENT, "fabrikam.example"))
    assert gone.customer is None
    assert kept.customer is not None


def test_an_agent_who_left_is_linked_to_nothing(store: Store, vault: Vault) -> None:
    """A ticket of someone who left the directory meanwhile can be written down all the same."""
    with_directory(store, vault)

    store.write(lambda db: directory.link(db, PARTNER, "gone@contoso.example", GOLD))

    known = store.read(lambda db: directory.known(db, PARTNER, "gone@contoso.example", None))
    assert known.agent is None
