"""Clauses P: what an on-premises request needs, and what pays for it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import is_given, missing, missing_among
from rules.benefits import CLOUD, CORE
from rules.case import ONPREM, PAY_PER_INCIDENT, Case
from rules.choice import Candidate
from rules.contact import contact_of_agent
from rules.lifecycle import is_covered, is_past_mainstream
from rules.paying import by_contract, by_contract_of_today
from rules.product import Product
from rules.remark import Door, Fill, Finding, Notice, Payment, Remark
from rules.verdict import Plan, Text
from rules.wording import filled, joined, shown
from rules.words import onprem as words


def customer_is_reference_only(case: Case) -> Iterator[Remark]:
    """P-1: incidents are not tied to a tenant, so nothing is done on anyone's behalf."""
    if case.on_behalf:
        yield Notice("not_on_behalf_of")


def contract_pays(case: Case) -> Iterator[Remark]:
    """P-2: a contract is used, linked already or with both its ids at first use."""
    yield from by_contract(case)


def contract_pays_today(case: Case) -> Iterator[Remark]:
    """P-2 of 2026: the same, but the ids are found in Partner Center."""
    yield from by_contract_of_today(case)


def serves_installed_products(case: Case, candidate: Candidate) -> Finding | None:
    """P-3: a cloud offer does not pay for an installed product."""
    if case.route != ONPREM or ONPREM in candidate.benefit.routes:
        return None
    named = case.product or case.family
    return words.CONTRACT_NOT_FOR_PRODUCT.finding(
        contract=shown(candidate.contract.name),
        kind=candidate.benefit.name,
        product=Text("", "") if named is None else named.name,
        cloud=case.benefits.name_of(CLOUD),
        core=case.benefits.name_of(CORE),
        packs=joined(case.benefits.given(CORE)),
    )


def version_is_recent(case: Case) -> Iterator[Remark]:
    """P-4: core benefits serve n and n-1 in mainstream support only."""
    product = case.product
    if product is None or is_covered(case):
        return
    way_out = None if product.in_support(case.day) else words.UPGRADE
    yield words.VERSION_NOT_COVERED.instead(way_out).finding(
        product=product.name,
        core=case.benefits.name_of(CORE),
        why=_why_not_covered(case, product),
        until=_until(product),
        end=str(product.extended_end),
    )


def product_is_in_support(case: Case) -> Iterator[Remark]:
    """P-5: pay per incident serves mainstream and extended support."""
    product = case.product
    if product is not None and not product.in_support(case.day):
        yield words.OUT_OF_SUPPORT.finding(product=product.name, end=str(product.extended_end))
    if case.buys_incident:
        yield Payment(Plan(PAY_PER_INCIDENT), notice="purchase_needed")


def agreement_is_accepted(case: Case) -> Iterator[Remark]:
    """P-6: the Microsoft services agreement must be accepted."""
    if not case.request.services_agreement:
        yield missing("consents.services_agreement")


def names_problem_and_category(case: Case) -> Iterator[Remark]:
    """P-7: problem type and category; severity, contact and usage settle themselves."""
    request = case.request
    yield from missing_among({"problem_type": request.problem_type, "category": request.category})
    if not is_given(request.severity):
        yield Fill("severity", "C")
    if case.is_client and not is_given(request.usage):
        yield Fill("usage", "it_professional")
    yield from contact_of_agent(case)


def enters_assisted_support(_case: Case) -> Iterator[Remark]:
    """P-11: both ways in lead through the same workflow."""
    yield Door("online_assisted_support")


def enters_engage_center(_case: Case) -> Iterator[Remark]:
    """P-11 of 2026: Support for Business is reached through the Engage Center."""
    yield Door("engage_center")


def _why_not_covered(case: Case, product: Product) -> Text:
    if is_past_mainstream(case, product):
        return filled(words.MAINSTREAM_ENDED, end=str(product.mainstream_end))
    current = joined(each.name for each in case.products.current(product, case.day))
    return filled(words.SUPERSEDED, day=case.day, current=current)


def _until(product: Product) -> Text:
    end = product.extended_end
    return words.NO_END if end is None else filled(words.UNTIL, end=end)
