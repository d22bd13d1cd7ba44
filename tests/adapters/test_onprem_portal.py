"""The on-premises carrier passes the suite, and links the contract by its ids."""

from __future__ import annotations

import json
from dataclasses import replace

from adapters.portals.onprem.client import onprem_portal
from adapters.portals.onprem.mapping import to_wire
from adapters.portals.port import Plan, Portal
from adapters.transport import Transport
from tests.adapters.orders import ACCESS_ID, CONTRACT_ID, ONPREM, TOKEN, clock
from tests.adapters.portal_suite import LIMITS, Carrier, PortalSuite


def make(base_url: str) -> Portal:
    """Carry over the bridge."""
    return onprem_portal(Transport(f"{base_url}/bridge", TOKEN, clock=clock, limits=LIMITS))


class TestOnpremPortal(PortalSuite):
    carrier = Carrier(
        portal="onprem",
        make=make,
        order=ONPREM,
        refused=replace(ONPREM, services_agreement=False),
        refused_code="services_agreement_required",
    )


def test_wire() -> None:
    """The body holds what the form on premises asks for, in the words of the bridge."""
    body = json.loads(to_wire(ONPREM).model_dump_json())
    assert body["plan"] == {
        "kind": "gold_20",
        "contract": "gold-2026",
        "access_id": ACCESS_ID,
        "contract_id": CONTRACT_ID,
    }
    assert (body["category"], body["usage"]) == ("Mail flow", "it_professional")
    assert body["services_agreement"] is True
    assert body["started_at"] == "2026-11-20T09:30:00Z"
    assert body["contact"]["cc"] == ["desk@contoso.example"]
    assert set(body) == {
        *("portal", "kind", "partner", "agent", "customer", "product", "title", "description"),
        *("severity", "contact", "plan", "problem_type", "category", "started_at", "entry"),
        *("usage", "services_agreement"),
    }


def test_pay_per_incident() -> None:
    """A request that is paid one by one names no contract."""
    wire = to_wire(replace(ONPREM, plan=Plan("pay_per_incident")))
    assert wire.plan is not None
    assert (wire.plan.kind, wire.plan.contract, wire.plan.access_id) == (
        "pay_per_incident",
        None,
        None,
    )


def test_ids_are_not_shown() -> None:
    """A body that finds its way into a log shows no ids."""
    assert ACCESS_ID not in repr(to_wire(ONPREM))
    assert CONTRACT_ID not in repr(ONPREM)
