"""Whatever the facts, there is a verdict; and what does not matter changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import facts
from rules.book import RuleBook
from rules.case import open_case
from rules.catalogue import EDITIONS
from rules.engine import decide
from rules.remark import Remark
from rules.verdict import Outcome, Verdict
from tests.rules.cast import given_id, rule_book

BOOKS = [rule_book(edition) for edition in EDITIONS]
NAMES = ["gold", "scs", "maps", "single", "other"]
IDS = ["0123", "123", "0456", "456", "789"]
PRODUCTS = [
    "azure/virtual-machines",
    "office365/teams",
    "exchange-server/2016",
    "Exchange 2010",
    "windows/8.1",
    "exchange-server",
    "Azure",
    "no such product",
]

ROLES = [
    "admin_agent",
    "helpdesk_agent",
    "service_support_administrator",
    "directory_readers",
    "support_request_contributor",
    "of our own",
]

every_edition = pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.edition)

texts = st.none() | st.sampled_from(["", " ", "x"])
names = st.sampled_from(NAMES)
days = st.dates(date(2016, 1, 1), date(2027, 12, 31))
given_ids = st.none() | st.sampled_from(IDS).map(given_id)
prints = st.none() | st.sampled_from(IDS).map(lambda secret: f"print of {secret}")
kinds = st.sampled_from([*BOOKS[-1].benefits.kinds, "unheard_of"])
customers = st.none() | st.sampled_from(["fabrikam.example", "contoso.example"])

contacts = st.builds(
    facts.Contact,
    name=texts,
    email=st.none() | st.sampled_from(["a@contoso.example", "b@fabrikam.example", "@", ""]),
    phone=texts,
    method=st.sampled_from(["phone", "email"]),
)
requests = st.builds(
    facts.Request,
    kind=st.sampled_from(["technical", "technical", "billing", "advisory"]),
    partner=texts,
    agent=texts,
    customer=customers,
    product=st.sampled_from(PRODUCTS) | texts | st.text(max_size=20),
    route=st.none() | st.sampled_from(["azure", "office", "onprem", "elsewhere"]),
    entry=st.none() | st.sampled_from(["partner_center", "partner_admin_center"]),
    title=texts,
    description=texts,
    problem_type=texts,
    category=texts,
    severity=st.none() | st.sampled_from("ABC"),
    subscription_id=st.none() | st.sampled_from(["", "s-1", "s-2"]),
    contract=st.none() | names,
    access_id=given_ids,
    contract_id=given_ids,
    payment=st.sampled_from(["contract", "pay_per_incident"]),
    contact=contacts,
    usage=texts,
    services_agreement=st.none() | st.booleans(),
)
partners = st.builds(
    facts.Partner,
    id=st.just("4612345"),
    name=st.just("Contoso"),
    domain=st.just("contoso.example"),
    type=st.sampled_from(
        ["advisor", "csp_direct", "csp_indirect_provider", "csp_indirect_reseller"]
    ),
    membership=st.sampled_from(["gold", "silver", "action_pack", "solutions_partner", "none"]),
    partner_features=st.booleans(),
)
agents = st.builds(
    facts.Agent,
    sign_in=st.just("sato@contoso.example"),
    roles=st.frozensets(st.sampled_from(ROLES), max_size=3),
    azure_subscriptions=st.lists(st.sampled_from(["s-1", "S-1", "s-2"])).map(tuple),
    linked_contracts=st.frozensets(names),
)
clients = st.builds(
    facts.Customer,
    tenant=st.sampled_from(["fabrikam.example", ""]),
    name=texts.map(lambda name: name or ""),
    domains=st.just(("fabrikam.co.example",)),
    delegated_admin=st.sampled_from(["default", "active", "requested", "declined", "none", "?"]),
)
contracts = st.builds(
    facts.Contract,
    name=names,
    kind=kinds,
    access_id=prints,
    contract_id=prints,
    activation=st.sampled_from(["active", "active", "requested", "none"]),
    expires_on=st.none() | days,
    available=st.none() | st.integers(0, 3),
)
any_facts = st.builds(
    facts.Facts,
    request=requests,
    partner=st.none() | partners,
    agent=st.none() | agents,
    customer=st.none() | clients,
    contracts=st.lists(contracts, max_size=5).map(tuple),
    day=days,
)


@every_edition
@settings(max_examples=200, deadline=None)
@given(any_facts)
def test_any_facts_get_a_verdict(book: RuleBook, known: facts.Facts) -> None:
    """The outcome is that of the gravest reason, and what follows from it holds."""
    verdict = decide(known, book)
    gravest = max((reason.outcome for reason in verdict.reasons), default=Outcome.ELIGIBLE)
    assert verdict.outcome is gravest
    assert {reason.rule for reason in verdict.reasons} <= set(verdict.rules_checked)
    _check_payment(book, known, verdict)


def _check_payment(book: RuleBook, known: facts.Facts, verdict: Verdict) -> None:
    if verdict.outcome is not Outcome.ELIGIBLE:
        assert (verdict.plan, verdict.incidents, verdict.link) == (None, 0, False)
        return
    assert verdict.route is not None
    assert verdict.entry is not None
    assert (verdict.plan is None) == (verdict.route == "partner_portal")
    if verdict.plan is not None and verdict.plan.contract is not None:
        used = [each for each in known.contracts if each.name == verdict.plan.contract]
        assert any(each.expires_on is None or each.expires_on >= known.day for each in used)
        assert any(each.activation == "active" for each in used)
        assert verdict.incidents == book.benefits.of(verdict.plan.kind).counted


@every_edition
@settings(max_examples=80, deadline=None)
@given(any_facts, st.randoms(use_true_random=False))
def test_the_order_of_contracts_does_not_matter(
    book: RuleBook, known: facts.Facts, random: Random
) -> None:
    """The same contracts in another order lead to the same verdict, reason for reason."""
    shuffled = list(known.contracts)
    random.shuffle(shuffled)
    assert decide(replace(known, contracts=tuple(shuffled)), book) == decide(known, book)


@every_edition
@settings(max_examples=80, deadline=None)
@given(any_facts, contracts)
def test_a_contract_nobody_named_or_linked_changes_nothing(
    book: RuleBook, known: facts.Facts, contract: facts.Contract
) -> None:
    """An unlinked contract that fits neither name nor ids is as good as absent."""
    stranger = replace(contract, name="stranger", access_id=None, contract_id=None)
    more = replace(known, contracts=(*known.contracts, stranger))
    assert decide(more, book) == decide(known, book)


@every_edition
@settings(max_examples=80, deadline=None)
@given(any_facts, clients)
def test_a_customer_nobody_named_changes_nothing(
    book: RuleBook, known: facts.Facts, customer: facts.Customer
) -> None:
    """Without a customer in the request, no record of one matters."""
    own = replace(known, request=replace(known.request, customer=None), customer=None)
    assert decide(replace(own, customer=customer), book) == decide(own, book)


@every_edition
@settings(max_examples=80, deadline=None)
@given(any_facts)
def test_every_clause_bears_any_case(book: RuleBook, known: facts.Facts) -> None:
    """A clause may be asked in any case, even one it is not meant for."""
    case = open_case(known, book.products, book.benefits)
    for clause in book.clauses:
        assert all(isinstance(remark, Remark) for remark in clause.judge(case))


@every_edition
@settings(max_examples=80, deadline=None)
@given(any_facts)
def test_no_print_of_an_id_is_told(book: RuleBook, known: facts.Facts) -> None:
    """Not even the fingerprint of an id reaches a reader."""
    assert "print of" not in str(decide(known, book).as_dict())
