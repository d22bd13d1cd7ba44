"""Carries orders to the partner portal over the bridge."""

from __future__ import annotations

from adapters.portals.bridge.client import BridgePortal
from adapters.portals.partner_portal.mapping import to_wire
from adapters.transport import Transport


def partner_portal(transport: Transport) -> BridgePortal:
    return BridgePortal("partner_portal", transport, to_wire)
