"""From a decided request to the order a portal is given; fills what the rules settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.portals.port import Contact, Order, Plan
from contracts.request import SupportRequest
from ledger import directory
from ledger.store import Row
from workers.app import App


def order_of(app: App, row: Row[Any]) -> Order:
    """Put the order together; the plan's ids are opened here, for the portal alone."""
    request = SupportRequest.model_validate(row.body)
    verdict: Mapping[str, Any] = row.verdict
    fills: Mapping[str, str] = verdict["fills"]
    return Order(
        key=row.id,
        kind=request.kind,
        partner=request.partner or "",
        agent=request.agent or "",
        customer=request.customer,
        product=fills.get("product", request.product or ""),
        product_name=fills.get("product_name", request.product or ""),
        title=request.title or "",
        description=request.description or "",
        severity=request.severity or "C",
        contact=_contact(request, fills),
        plan=_plan(app, row.contract, verdict["plan"]),
        problem_type=request.problem_type,
        category=request.category,
        started_at=request.started_at,
        subscription_id=request.subscription_id or fills.get("subscription_id"),
        resource_id=request.resource_id,
        entry=verdict["entry"],
        usage=request.usage,
        advanced_diagnostics=request.consents.advanced_diagnostics,
        services_agreement=bool(request.consents.services_agreement),
    )


def _contact(request: SupportRequest, fills: Mapping[str, str]) -> Contact:
    """Take the sender's contact; what is missing comes from the agent."""
    given, agent = request.contact, request.agent or ""
    email = fills.get("contact.email") or given.email or agent
    return Contact(
        name=given.name or agent.partition("@")[0],
        email=email,
        phone=given.phone,
        method=given.method if given.phone else "email",
        cc=given.cc,
        language=given.language,
        time_zone=given.time_zone,
        country=given.country,
    )


def _plan(app: App, contract: str | None, plan: Mapping[str, Any] | None) -> Plan | None:
    if plan is None:
        return None
    if contract is None:
        return Plan(plan["kind"])
    ids = app.store.read(lambda db: directory.ids(db, app.vault, contract))
    return Plan(plan["kind"], plan["contract"], ids.access_id, ids.contract_id)
