"""What the bridge asks of a request's body, as a list of faults. Pure.

On-premises: "Support for Business" wants Access ID and Contract ID together when a contract is
added, and the services agreement accepted (Microsoft KB 3020636). Unknown members are let through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

#: (code, what is wrong)
Faults = list[tuple[str, str]]

PORTALS = ("office", "onprem", "partner_portal")
KINDS = ("technical", "subscription", "billing", "quota", "advisory", "membership")
REQUIRED = ("portal", "kind", "partner", "agent", "title", "description")
TEXTS = (
    *REQUIRED,
    "customer",
    "product",
    "problem_type",
    "category",
    "started_at",
    "entry",
    "usage",
)
TITLE_LENGTH = 250
DESCRIPTION_LENGTH = 30_000


def faults_in(asked: Mapping[str, Any]) -> Faults:
    return [*texts(asked), *choices(asked), *contact(asked.get("contact")), *onprem(asked)]


def texts(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in REQUIRED:
        if asked.get(name) in (None, ""):
            yield "field_required", f"{name} is required"
    for name in TEXTS:
        if not isinstance(asked.get(name), str | None):
            yield "field_invalid", f"{name} is text"
    for name, limit in (("title", TITLE_LENGTH), ("description", DESCRIPTION_LENGTH)):
        if isinstance(asked.get(name), str) and len(asked[name]) > limit:
            yield "field_invalid", f"{name} has at most {limit} characters"


def choices(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, allowed in (("portal", PORTALS), ("kind", KINDS), ("severity", ("A", "B", "C"))):
        if asked.get(name) not in (None, "", *allowed):
            yield "field_invalid", f"{name} is one of {', '.join(allowed)}"
    if asked.get("portal") == "onprem" and asked.get("severity") is None:
        yield "field_required", "severity is required on premises"


def contact(person: object) -> Iterator[tuple[str, str]]:
    if not isinstance(person, Mapping):
        yield "field_required", "contact is required"
        return
    if not person.get("name"):
        yield "field_required", "contact.name is required"
    if not (person.get("email") or person.get("phone")):
        yield "field_required", "contact.email or contact.phone is required"
    if person.get("method") not in (None, "phone", "email"):
        yield "field_invalid", "contact.method is phone or email"


def onprem(asked: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    plan = asked.get("plan")
    if not isinstance(plan, Mapping | None):
        yield "field_invalid", "plan is an object or null"
    if asked.get("portal") != "onprem":
        return
    plan = plan if isinstance(plan, Mapping) else {}
    if plan.get("contract") and not (plan.get("access_id") and plan.get("contract_id")):
        yield "contract_required", "a contract needs plan.access_id and plan.contract_id"
    if asked.get("services_agreement") is not True:
        yield "services_agreement_required", "the services agreement must be accepted"
