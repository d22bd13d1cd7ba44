"""The partner portal's carrier passes the suite, without a plan."""

from __future__ import annotations

from dataclasses import replace

from adapters.portals.partner_portal.client import partner_portal
from adapters.portals.partner_portal.mapping import to_wire
from adapters.portals.port import Portal
from adapters.transport import Transport
from tests.adapters.orders import ONPREM, PARTNER, TOKEN, clock
from tests.adapters.portal_suite import LIMITS, Carrier, PortalSuite


def make(base_url: str) -> Portal:
    """Carry over the bridge."""
    return partner_portal(Transport(f"{base_url}/bridge", TOKEN, clock=clock, limits=LIMITS))


class TestPartnerPortal(PortalSuite):
    carrier = Carrier(
        portal="partner_portal",
        make=make,
        order=PARTNER,
        refused=replace(PARTNER, description=""),
        refused_code="field_required",
    )


def test_wire() -> None:
    """No plan is told, whatever the order holds."""
    wire = to_wire(replace(PARTNER, plan=ONPREM.plan))
    assert (wire.portal, wire.kind, wire.plan) == ("partner_portal", "advisory", None)
