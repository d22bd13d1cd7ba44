"""Carries orders to the Office portal over the bridge."""

from __future__ import annotations

from adapters.portals.bridge.client import BridgePortal
from adapters.portals.office.mapping import to_wire
from adapters.transport import Transport


def office_portal(transport: Transport) -> BridgePortal:
    return BridgePortal("office", transport, to_wire)
