"""What the Office portal is told of an order.

The plan is the included one: contract ids stay with us.
"""

from __future__ import annotations

from adapters.portals.bridge.mapping import essentials, plan_without_ids
from adapters.portals.bridge.wire import TicketOrder
from adapters.portals.port import Order


def to_wire(order: Order) -> TicketOrder:
    plan = order.plan and plan_without_ids(order.plan)
    return essentials(order, "office").model_copy(update={"plan": plan})
