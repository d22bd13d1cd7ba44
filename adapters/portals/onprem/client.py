"""Carries orders to the on-premises portal over the bridge."""

from __future__ import annotations

from adapters.portals.bridge.client import BridgePortal
from adapters.portals.onprem.mapping import to_wire
from adapters.transport import Transport


def onprem_portal(transport: Transport) -> BridgePortal:
    return BridgePortal("onprem", transport, to_wire)
