"""Which fields the form asks for: what the rules ask of this product, and what goes with its route.

Never decides: it hears the rules on what steers them (who, product, payment), and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rules.case import Case
from rules.verdict import Verdict
from workers.listeners.form.fields import DETAILS, FIELDS, WHO, WHOSE

FIRST = tuple(field.name for field in WHO)
STEERING = (*FIRST, "payment", "contract", "contact.method")
"""Fields that change what the rules ask for."""

CONTACT = tuple(field.name for field in DETAILS if field.name.startswith("contact."))
CONTRACT = ("contract", "access_id", "contract_id")
ALWAYS = ("title", "description")
BY_ROUTE = {
    "azure": (
        "problem_type",
        "severity",
        "started_at",
        "resource_id",
        *CONTACT,
        "consents.advanced_diagnostics",
    ),
    "office": ("started_at", *CONTACT),
    "onprem": ("problem_type", "category", "severity", "started_at", "payment", *CONTACT),
    "partner_portal": CONTACT,
}
"""What may be said on a route beside what the rules ask for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of the second step, in the order of the table, and which of them are required."""

    route: str
    names: tuple[str, ...]
    required: frozenset[str]


def asked(case: Case, bare: Verdict) -> Asked | None:
    """Give what to ask; None while the rules do not know the product's route.

    `bare` is the verdict on the steering fields alone: what it misses is required.
    """
    if case.route is None or (case.family is not None and case.product is None):
        return None
    required = frozenset(missing(bare)) | set(ALWAYS)
    wanted = {*required, *BY_ROUTE[case.route], *_by_case(case)}
    names = tuple(field.name for field in DETAILS if field.name in wanted)
    return Asked(case.route, names, required)


def missing(verdict: Verdict) -> Iterator[str]:
    """Give the fields a verdict misses."""
    for reason in verdict.reasons:
        if reason.code == "missing" and reason.field in FIELDS:
            yield reason.field


def _by_case(case: Case) -> Iterator[str]:
    if case.needs_contract:
        yield from CONTRACT
    if case.route == "office" and case.on_behalf and case.partner and not case.is_csp:
        yield "entry"


def sent(one: Asked) -> tuple[str, ...]:
    """Give the fields that go into the request."""
    return (*(name for name in FIRST if name != WHOSE.name), *one.names)
