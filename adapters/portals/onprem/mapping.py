"""What the on-premises portal is told of an order.

It links a contract by its ids, so it alone is told them.
"""

from __future__ import annotations

from adapters.portals.bridge.mapping import essentials, plan_with_ids
from adapters.portals.bridge.wire import TicketOrder
from adapters.portals.port import Order


def to_wire(order: Order) -> TicketOrder:
    own = {
        "plan": order.plan and plan_with_ids(order.plan),
        "category": order.category,
        "usage": order.usage,
        "services_agreement": order.services_agreement,
    }
    return essentials(order, "onprem").model_copy(update=own)
