"""Clauses A: what an Azure request needs, and what pays for it."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import is_given, missing, missing_among
from rules.benefits import CLOUD, CORE
from rules.case import AZURE, PAY_PER_INCIDENT, Case
from rules.choice import Candidate
from rules.contact import contact_of_agent
from rules.paying import by_contract, by_contract_of_today
from rules.remark import Door, Fill, Finding, Payment, Remark
from rules.verdict import Plan
from rules.wording import joined, shown
from rules.words import azure as words


def sign_in_opens_subscription(case: Case) -> Iterator[Remark]:
    """A-1: the sign-in belongs to a subscription, and the request says which if there are more."""
    agent, named = case.agent, case.request.subscription_id
    if agent is None:
        return
    opens = {each.strip().casefold(): each for each in agent.azure_subscriptions}
    if not opens:
        yield words.NO_SUBSCRIPTION.finding(agent=agent.sign_in)
    elif named is not None and is_given(named):
        if named.strip().casefold() not in opens:
            subscription = shown(named)
            yield words.SUBSCRIPTION_NOT_ACCESSIBLE.finding(
                agent=agent.sign_in, subscription=subscription
            )
    elif len(opens) > 1:
        yield missing("subscription_id")
    else:
        yield Fill("subscription_id", next(iter(opens.values())))


def csp_plan_needs_no_contract(_case: Case) -> Iterator[Remark]:
    """A-2: a CSP that opens the customer from Partner Center files on its own plan."""
    yield Door("partner_center")
    yield Payment(Plan("cloud_solution_provider"))


def contract_pays(case: Case) -> Iterator[Remark]:
    """A-3: any other member uses a linked contract, or gives both its ids; nothing is bought."""
    yield from _contract_is_used(case)
    yield from by_contract(case)


def contract_pays_today(case: Case) -> Iterator[Remark]:
    """A-3 of 2026: the same, but the ids are found in Partner Center."""
    yield from _contract_is_used(case)
    yield from by_contract_of_today(case)


def kind_is_offered(case: Case, candidate: Candidate) -> Finding | None:
    """A-3, for one contract: its kind pays for Azure."""
    if case.route != AZURE or AZURE in candidate.benefit.routes:
        return None
    return words.CONTRACT_NOT_OFFERED.finding(
        contract=shown(candidate.contract.name),
        kind=candidate.benefit.name,
        offers=joined(case.benefits.paying_at(AZURE)),
    )


def signature_comes_first(case: Case, candidate: Candidate) -> Finding | None:
    """A-4: core benefits serve Azure once no linked cloud contract is usable any more."""
    if case.route != AZURE or candidate.benefit.group != CORE or not candidate.rivals:
        return None
    return words.SIGNATURE_FIRST.finding(
        contract=shown(candidate.contract.name), rivals=shown(candidate.rivals[0].name)
    )


def names_problem_and_severity(case: Case) -> Iterator[Remark]:
    """A-6: problem type and severity beside title and description; contact from the agent."""
    request = case.request
    yield from missing_among({"problem_type": request.problem_type, "severity": request.severity})
    yield from contact_of_agent(case)


def _contract_is_used(case: Case) -> Iterator[Remark]:
    if case.request.payment == PAY_PER_INCIDENT:
        yield words.PAYMENT_NOT_OFFERED.finding(cloud=case.benefits.name_of(CLOUD))
    if case.needs_contract:
        yield Door("azure_portal")
