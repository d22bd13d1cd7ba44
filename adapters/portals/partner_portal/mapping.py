"""What the partner portal is told of an order.

No plan pays for what is asked there.
"""

from __future__ import annotations

from adapters.portals.bridge.mapping import essentials
from adapters.portals.bridge.wire import TicketOrder
from adapters.portals.port import Order


def to_wire(order: Order) -> TicketOrder:
    return essentials(order, "partner_portal").model_copy(update={"category": order.category})
