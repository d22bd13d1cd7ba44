"""The Office carrier passes the suite, and tells its portal no contract."""

from __future__ import annotations

from dataclasses import replace

from adapters.portals.office.client import office_portal
from adapters.portals.office.mapping import to_wire
from adapters.portals.port import Plan, Portal
from adapters.transport import Transport
from tests.adapters.orders import ACCESS_ID, CONTACT, CONTRACT_ID, OFFICE, TOKEN, clock
from tests.adapters.portal_suite import LIMITS, Carrier, PortalSuite


def make(base_url: str) -> Portal:
    """Carry over the bridge."""
    return office_portal(Transport(f"{base_url}/bridge", TOKEN, clock=clock, limits=LIMITS))


class TestOfficePortal(PortalSuite):
    carrier = Carrier(
        portal="office",
        make=make,
        order=OFFICE,
        refused=replace(OFFICE, contact=replace(CONTACT, name="")),
        refused_code="field_required",
    )


def test_wire() -> None:
    """The portal is told who, for whom and what; ids of a contract stay at home."""
    order = replace(OFFICE, plan=Plan("included", None, ACCESS_ID, CONTRACT_ID))
    wire = to_wire(order)
    assert (wire.portal, wire.customer, wire.entry) == (
        "office",
        "fabrikam.example",
        "partner_center",
    )
    assert wire.plan is not None
    assert (wire.plan.kind, wire.plan.access_id, wire.plan.contract_id) == ("included", None, None)
    assert ACCESS_ID not in wire.model_dump_json()
