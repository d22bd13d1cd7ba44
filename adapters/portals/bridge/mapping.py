"""Our order in the bridge's words, and its ticket in ours; the parts every portal behind it shares.

Never chooses what a portal gets to know: each portal's own `mapping.py` does.
"""

from __future__ import annotations

from adapters.portals.bridge.wire import PortalName, TicketOrder, WireContact, WirePlan, WireTicket
from adapters.portals.port import Contact, Order, Plan, Ticket


def essentials(order: Order, portal: PortalName) -> TicketOrder:
    """Say what every portal is told."""
    return TicketOrder(
        portal=portal,
        kind=order.kind,
        partner=order.partner,
        agent=order.agent,
        customer=order.customer,
        product=order.product,
        title=order.title,
        description=order.description,
        severity=order.severity,
        contact=wire_contact(order.contact),
        problem_type=order.problem_type,
        started_at=order.started_at,
        entry=order.entry,
    )


def wire_contact(contact: Contact) -> WireContact:
    return WireContact(
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        method=contact.method,
        cc=contact.cc,
        language=contact.language,
        time_zone=contact.time_zone,
        country=contact.country,
    )


def plan_with_ids(plan: Plan) -> WirePlan:
    """Hand out the ids that a contract is linked by, too."""
    return WirePlan(
        kind=plan.kind,
        contract=plan.contract,
        access_id=plan.access_id,
        contract_id=plan.contract_id,
    )


def plan_without_ids(plan: Plan) -> WirePlan:
    return WirePlan(kind=plan.kind, contract=plan.contract, access_id=None, contract_id=None)


def ticket(wire: WireTicket, order: Order) -> Ticket:
    return Ticket(
        system=wire.portal,
        number=wire.number,
        severity=wire.severity or order.severity,
        url=wire.url,
        first_response_due=wire.first_response_due,
    )
