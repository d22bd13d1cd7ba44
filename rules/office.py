"""Clauses O: what a request in the Office portal needs, and where it enters."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import is_given, missing_among
from rules.case import Case
from rules.remark import Door, Fill, Notice, Payment, Remark
from rules.verdict import Plan

PARTNER_CENTER = "partner_center"


def support_is_included(_case: Case) -> Iterator[Remark]:
    """O-1: no contract is needed and no incident deducted."""
    yield Payment(Plan("included"))


def enters_for_customer(case: Case) -> Iterator[Remark]:
    """O-2: CSP through Partner Center, an advisor where it prefers."""
    prefers = case.request.entry == PARTNER_CENTER
    yield Door(PARTNER_CENTER if case.is_csp or prefers else "partner_admin_center")


def enters_partner_center(_case: Case) -> Iterator[Remark]:
    """O-2 of 2026: whoever acts for a customer starts from the customer in Partner Center."""
    yield Door(PARTNER_CENTER)


def names_contact(case: Case) -> Iterator[Remark]:
    """O-3: name, e-mail, and a number unless contact is by e-mail; description is G-1's."""
    contact = case.request.contact
    yield from missing_among({"contact.name": contact.name, "contact.email": contact.email})
    if contact.method == "phone":
        yield from missing_among({"contact.phone": contact.phone})


def contact_is_partner(case: Case) -> Iterator[Remark]:
    """O-4: an address in the customer's domain gives way to the agent's sign-in."""
    email = case.request.contact.email
    if case.agent is None or case.customer is None or email is None or not is_given(email):
        return
    domains = (case.customer.tenant, *case.customer.domains)
    if any(_belongs(email, domain) for domain in domains):
        yield Fill("contact.email", case.agent.sign_in)
        yield Notice("contact_is_partner")


def _belongs(email: str, domain: str) -> bool:
    """Tell whether an address stands in a domain or below it."""
    host = email.strip().rpartition("@")[2].rstrip(".").casefold()
    wanted = domain.strip().rstrip(".").casefold()
    return bool(wanted) and (host == wanted or host.endswith(f".{wanted}"))
