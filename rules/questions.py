"""When a clause is asked at all: one question a name, answered from the case alone.

A clause that cannot apply because an earlier fact is missing is not asked: no follow-on noise.
"""

from __future__ import annotations

from rules.asking import is_given
from rules.case import AZURE, OFFICE, ONPREM, ROUTED_KINDS, Case
from rules.delegation import RESELLER
from rules.gdap import files_for_customer
from rules.naming import given_ids


def always(_case: Case) -> bool:
    return True


def never(_case: Case) -> bool:
    """Stand for a clause that speaks elsewhere: in labels, remedies, or after submission."""
    return False


def partner_named(case: Case) -> bool:
    return is_given(case.request.partner)


def routed_kind(case: Case) -> bool:
    return case.request.kind in ROUTED_KINDS


def partner_portal(case: Case) -> bool:
    return case.for_partner_portal


def product_named(case: Case) -> bool:
    return not case.for_partner_portal and is_given(case.request.product)


def route_named(case: Case) -> bool:
    return product_named(case) and is_given(case.request.route) and case.route is not None


def csp_for_customer(case: Case) -> bool:
    return case.for_customer and case.is_csp and case.customer is not None


def reseller_for_customer(case: Case) -> bool:
    return csp_for_customer(case) and case.partner is not None and case.partner.type == RESELLER


def csp_that_files(case: Case) -> bool:
    return csp_for_customer(case) and files_for_customer(case)


def advisor_for_customer(case: Case) -> bool:
    return case.for_customer and case.partner is not None and not case.is_csp


def agent_for_customer(case: Case) -> bool:
    return case.for_customer and case.agent is not None


def agent_that_files(case: Case) -> bool:
    return agent_for_customer(case) and files_for_customer(case)


def customer_of_partner(case: Case) -> bool:
    return case.for_customer and case.partner is not None


def own_tenant(case: Case) -> bool:
    return case.is_cloud and not case.on_behalf


def azure(case: Case) -> bool:
    return case.route == AZURE


def azure_agent(case: Case) -> bool:
    return azure(case) and case.agent is not None


def csp_plan(case: Case) -> bool:
    return case.from_partner_center


def azure_contract(case: Case) -> bool:
    return azure(case) and case.needs_contract


def azure_ids(case: Case) -> bool:
    return azure(case) and ids_given(case)


def office(case: Case) -> bool:
    return case.route == OFFICE


def office_for_customer(case: Case) -> bool:
    return office(case) and case.on_behalf and case.partner is not None


def onprem(case: Case) -> bool:
    return case.route == ONPREM


def onprem_contract(case: Case) -> bool:
    return onprem(case) and case.needs_contract


def onprem_benefit(case: Case) -> bool:
    return onprem(case) and case.product is not None and not case.paid_singly


def onprem_single(case: Case) -> bool:
    return onprem(case) and case.paid_singly


def contract_used(case: Case) -> bool:
    return case.needs_contract


def contract_named(case: Case) -> bool:
    return case.needs_contract and case.names_contract


def ids_given(case: Case) -> bool:
    return case.needs_contract and bool(given_ids(case.request))
