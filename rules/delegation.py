"""Clauses D: whether this partner and this agent may act for this customer."""

from __future__ import annotations

from collections.abc import Iterator

from rules.case import AZURE, OFFICE, Case
from rules.remark import Door, Finding, Remark
from rules.verdict import Text
from rules.wording import Wording, shown
from rules.words import delegation as words

RESELLER = "csp_indirect_reseller"
HELPDESK = "helpdesk_agent"
ADMIN_ROLES = frozenset({"admin_agent", "full_administration"})


def csp_has_dap(case: Case) -> Iterator[Remark]:
    """D-1: a CSP has DAP by default, unless the customer's answer says otherwise."""
    state = _dap_state(case)
    if state == "requested":
        yield _about_customer(case, words.DAP_PENDING, reseller_way_out(case, pending=True))
    elif state not in {"active", "default"}:
        yield _about_customer(case, words.DAP_NOT_GRANTED, reseller_way_out(case, pending=False))


def reseller_way_out(case: Case, *, pending: bool) -> Text | None:
    """D-2: a reseller whose provider enabled no DAP may request the relationship itself."""
    if case.partner is None or case.partner.type != RESELLER:
        return None
    return words.PENDING_AS_RESELLER if pending else words.REQUEST_IT_YOURSELF


def advisor_has_dap(case: Case) -> Iterator[Remark]:
    """D-3: an advisor activates partner features and asks; the customer's admin approves."""
    if case.partner is not None and not case.partner.partner_features:
        yield words.PARTNER_FEATURES_REQUIRED.finding(partner=case.partner.name)
    state = _dap_state(case)
    if state == "requested":
        yield _about_customer(case, words.DAP_PENDING)
    elif state not in {"active", None}:
        yield _about_customer(case, words.DAP_NOT_GRANTED, words.ASK_FOR_DAP)


def agent_holds_role(case: Case) -> Iterator[Remark]:
    """D-4: admin agent or full administration; for Office the helpdesk agent as well."""
    agent = case.agent
    if agent is None or agent.roles & ADMIN_ROLES:
        return
    helps = HELPDESK in agent.roles
    if case.route == AZURE:
        wording = words.ROLE_REQUIRED_HELPDESK if helps else words.ROLE_REQUIRED_AZURE
        yield wording.finding(agent=agent.sign_in)
    elif not helps:
        yield words.ROLE_REQUIRED_OFFICE.finding(agent=agent.sign_in)


def customer_is_known(case: Case) -> Iterator[Remark]:
    """D-5: the partner has a record of the customer."""
    if case.customer is None and case.partner is not None:
        written = shown(case.request.customer or "")
        yield words.UNKNOWN_CUSTOMER.finding(customer=written, partner=case.partner.name)


def own_tenant_opens_directly(case: Case) -> Iterator[Remark]:
    """D-6: the partner's own tenant needs no delegation; Office opens directly."""
    yield Door("direct" if case.route == OFFICE else "azure_portal")


def _dap_state(case: Case) -> str | None:
    return None if case.customer is None else case.customer.delegated_admin


def _about_customer(case: Case, wording: Wording, remedy: Text | None = None) -> Finding:
    name = "" if case.customer is None else case.customer.name or case.customer.tenant
    state = words.DAP_STATES.get(_dap_state(case) or "none", words.DAP_STATES["none"])
    return wording.instead(remedy).finding(customer=name, state=state)
