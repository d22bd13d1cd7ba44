from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from ledger import reconciliation
from ledger.states import State
from ledger.store import Store
from ledger.tables import requests
from ledger.vault import Vault
from tests.builders import AGENT, PARTNER, admitted, arrival, with_directory

OF_AGENT = "1f0c7a52-0000-4000-8000-000000000001"
FILLED = {"fills": {"subscription_id": "filled"}}


def filed_at_azure(
    store: Store,
    vault: Vault,
    *,
    body: dict[str, Any],
    verdict: dict[str, Any],
    state: State = State.SUBMITTED,
) -> None:
    """Have a request of Fabrikam's that went to Azure."""
    facets = {"partner": PARTNER, "agent": AGENT, "customer": "fabrikam.example"}
    (number,) = admitted(store, vault, arrival(body=body, facets=facets))
    went = {"route": "azure", "verdict": verdict, "state": state}
    of = update(requests).where(requests.c.id == number).values(went)
    store.write(lambda db: db.execute(of))


@pytest.mark.parametrize(
    ("body", "verdict", "subscription"),
    [
        ({"subscription_id": "named"}, {"fills": {}}, "named"),
        ({"subscription_id": "named"}, FILLED, "named"),
        ({"subscription_id": ""}, FILLED, "filled"),
        ({}, FILLED, "filled"),
        ({}, {"fills": {}}, None),
    ],
)
def test_places_of_requests(
    store: Store,
    vault: Vault,
    body: dict[str, Any],
    verdict: dict[str, Any],
    subscription: str | None,
) -> None:
    """A request was filed where its order said: as the sender or the rules named it."""
    filed_at_azure(store, vault, body=body, verdict=verdict)

    place = (PARTNER, "fabrikam.example", subscription)
    assert store.read(lambda db: reconciliation.places(db, "azure")) == [place]
    assert store.read(lambda db: reconciliation.places(db, "office")) == []


def test_places_of_agents(store: Store, vault: Vault) -> None:
    """Where others may have been filed comes last; what never went there does not count."""
    with_directory(store, vault)
    body = {"subscription_id": "wrong"}
    filed_at_azure(store, vault, body=body, verdict={"fills": {}}, state=State.REJECTED)
    tenants = [None, "fabrikam.example", "northwind.example"]
    of_agents = [(PARTNER, tenant, OF_AGENT) for tenant in tenants]
    assert store.read(lambda db: reconciliation.places(db, "azure")) == of_agents

    store.write(lambda db: db.execute(update(requests).values(state=State.FAILED)))
    seen = (PARTNER, "fabrikam.example", "wrong")
    assert store.read(lambda db: reconciliation.places(db, "azure")) == [seen, *of_agents]
