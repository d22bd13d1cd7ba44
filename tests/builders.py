"""Valid by default: say only what a test is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contracts.directory import Directory
from contracts.directory_file import read_directory
from contracts.ids import content_hash, request_id
from ledger import account, admission, directory, requests
from ledger.account import Change
from ledger.admission import Arrival
from ledger.outbox import Postbox
from ledger.requests import Claim, Move
from ledger.states import State
from ledger.store import Connection, Store
from ledger.vault import Vault

PARTNER = "4612345"
AGENT = "sato@contoso.example"
ACCESS_ID = "0230242323"
CONTRACT_ID = "0012345678"
GOLD = f"{PARTNER}/gold-2026"
DIRECTORY = f"""
partners:
  - id: "{PARTNER}"
    name: Contoso Japan
    domain: contoso.example
    type: advisor
    membership: gold
    partner_features: true
    agents:
      - sign_in: {AGENT}
        roles: [admin_agent]
        azure_subscriptions: ["1f0c7a52-0000-4000-8000-000000000001"]
        linked_contracts: [gold-2026]
      - sign_in: help@contoso.example
        roles: [helpdesk_agent]
    customers:
      - tenant: fabrikam.example
        name: Fabrikam
        domains: [fabrikam.co.example]
        delegated_admin: active
      - tenant: northwind.example
        delegated_admin: requested
    contracts:
      - name: gold-2026
        kind: gold_20
        access_id: "{ACCESS_ID}"
        contract_id: "{CONTRACT_ID}"
        activation: active
        expires_on: 2099-03-31
        incidents: 20
      - name: scs-2026
        kind: scs_unlimited
        access_id: "0345678901"
        contract_id: "0098765432"
        activation: active
        expires_on: 2099-03-31
"""


def the_directory() -> Directory:
    """Give the directory of Contoso."""
    return read_directory(DIRECTORY)


def postbox() -> Postbox:
    """Give a postbox that numbers its events."""
    numbers = iter(range(1, 1_000_000))
    return Postbox("urn:test", lambda: f"e{next(numbers)}")


def onprem_data(**fields: Any) -> dict[str, Any]:
    """Give an on-premises request that every rule lets pass."""
    return {
        "partner": PARTNER,
        "agent": AGENT,
        "product": "exchange-server/se",
        "title": "データベース可用性グループが停止する",
        "description": "更新プログラムの適用後、DAG のメンバーが切り離されます。",
        "problem_type": "高可用性",
        "category": "DAG",
        "contract": "gold-2026",
        "consents": {"services_agreement": True},
        **fields,
    }


def arrival(sender_id: str = "1", **changes: Any) -> Arrival:
    """Give a new request as it comes through the door."""
    data = onprem_data()
    given: dict[str, Any] = {
        "id": request_id("urn:sender", sender_id),
        "source": "urn:sender",
        "sender_id": sender_id,
        "content_hash": content_hash(data),
        "channel": "stream",
        "raw": b"{}",
        "body": data,
        "facets": {"partner": PARTNER, "agent": AGENT, "severity": "C"},
        **changes,
    }
    return Arrival(**given)


def admitted(store: Store, vault: Vault, *arrivals: Arrival) -> list[str]:
    """Store these arrivals; give their numbers."""
    box = Postbox("urn:test", new_ids(f"{arrivals[0].sender_id}-"))
    store.write(lambda db: admission.admit(db, vault, box, list(arrivals)))
    return [one.id for one in arrivals]


def new_ids(prefix: str) -> Callable[[], str]:
    """Give a maker of ids that begin alike."""
    numbers = iter(range(1, 1_000_000))
    return lambda: f"{prefix}{next(numbers)}"


def claimed(store: Store, request: str, owner: str = "w1", lease_s: float = 60.0) -> Claim:
    """Claim a request that is due, whatever its state."""
    claim = store.write(
        lambda db: requests.claim(db, request, states=list(State), owner=owner, lease_s=lease_s)
    )
    assert claim is not None
    return claim


def with_directory(store: Store, vault: Vault) -> None:
    """Bring Contoso into the directory."""
    store.write(lambda db: directory.take_in(db, vault, the_directory(), who="test"))


def moved(store: Store, claim: Claim, *steps: Move) -> Claim:
    """Move a claim along some steps that keep it."""
    box = Postbox("urn:test", new_ids(f"{claim.id}-{claim.fence}-"))

    def write(db: Connection) -> Claim:
        going = claim
        for step in steps:
            going = requests.move(db, box, going, step)
        return going

    return store.write(write)


def opening(store: Store, contract: str, incidents: int) -> None:
    """Add incidents to a contract."""
    change = Change(f"{contract}/more", contract, "adjustment", incidents, "test", "more")
    store.write(lambda db: account.add(db, change))


def numbers(count: int) -> Sequence[str]:
    """Give "1", "2" … up to `count`."""
    return [str(number) for number in range(1, count + 1)]
