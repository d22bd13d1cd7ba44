"""Clauses D of edition 2026: granular delegated admin privileges (GDAP) in the place of DAP.

A relationship is active or it is not: nobody has one by default. The directory writes an agent's
roles in lower case with underscores, such as `service_support_administrator`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import AZURE, Case
from rules.granular_roles import ENTRA, PARTNER_CENTER, TICKETS_IN_AZURE, TICKETS_IN_MICROSOFT_365
from rules.remark import Finding, Remark
from rules.wording import Wording
from rules.words import gdap as words

FILES_FOR_AZURE = frozenset({"csp_direct", "csp_indirect_provider"})
"""Partner types with a reseller relationship that lets them file for a customer's Azure."""


def files_for_customer(case: Case) -> bool:
    """Tell whether this type of partner may file for a customer's product at all."""
    return case.route != AZURE or (
        case.partner is not None and case.partner.type in FILES_FOR_AZURE
    )


def csp_has_gdap(case: Case) -> Iterator[Remark]:
    """D-1: the customer has granted a relationship; a CSP has none by default any more."""
    yield from _relationship(case)


def reseller_leaves_azure_to_provider(case: Case) -> Iterator[Remark]:
    """D-2: for a customer's Azure the indirect provider files, not the reseller."""
    if not files_for_customer(case):
        yield _about_customer(case, words.PROVIDER_FILES_AZURE)


def advisor_has_gdap(case: Case) -> Iterator[Remark]:
    """D-3: an advisor asks for a relationship as all do; Azure needs a reseller relationship."""
    if case.customer is None:
        return
    if files_for_customer(case):
        yield from _relationship(case)
    else:
        yield _about_customer(case, words.RESELLER_RELATIONSHIP_REQUIRED)


def agent_holds_granular_role(case: Case) -> Iterator[Remark]:
    """D-4: a role for each workload; old roles of the directory say nothing of these."""
    agent = case.agent
    if agent is None or _suffices(case, agent.roles):
        return
    if agent.roles and agent.roles <= PARTNER_CENTER:
        wording = words.ROLE_UNKNOWN_AZURE if case.route == AZURE else words.ROLE_UNKNOWN
    else:
        wording = words.ROLE_REQUIRED_AZURE if case.route == AZURE else words.ROLE_REQUIRED
    yield wording.finding(agent=agent.sign_in)


def _suffices(case: Case, roles: frozenset[str]) -> bool:
    if case.route == AZURE:
        return bool(roles & ENTRA) and bool(roles & TICKETS_IN_AZURE)
    return bool(roles & TICKETS_IN_MICROSOFT_365)


def _relationship(case: Case) -> Iterator[Finding]:
    match None if case.customer is None else case.customer.delegated_admin:
        case None | "active":
            return
        case "requested":
            yield _about_customer(case, words.GDAP_PENDING)
        case _:
            yield _about_customer(case, words.GDAP_NOT_GRANTED)


def _about_customer(case: Case, wording: Wording) -> Finding:
    customer, partner = case.customer, case.partner
    state = "none" if customer is None else customer.delegated_admin
    return wording.finding(
        customer="" if customer is None else customer.name or customer.tenant,
        partner="" if partner is None else partner.name,
        state=words.STATES.get(state, words.STATES["none"]),
    )
