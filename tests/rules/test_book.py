"""The rule book: editions, single clauses replaced, values bound."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.benefits import read_benefits
from rules.book import book, bound
from rules.case import Case
from rules.catalogue import EDITION_2018
from rules.engine import decide
from rules.remark import Finding, Remark
from rules.verdict import Outcome, Text
from rules.words.clauses import CLAUSES
from tests.rules.cast import facts_of, rule_book, values

DAY_AFTER_MAINSTREAM = {
    "base": "onprem",
    "request": {"product": "exchange-server/2013"},
    "day": date(2018, 4, 11),
    "agent": {"linked_contracts": ["gold"]},
    "contracts": [{"name": "gold", "kind": "gold_20", "incidents": 5}],
}


def test_unknown_edition() -> None:
    """An edition nobody wrote is refused with those there are."""
    with pytest.raises(ValueError, match="'1999' is not known; there is: 2018, 2026"):
        book(values("products.yaml"), values("benefits.yaml"), edition="1999")


def test_every_clause_is_in_the_edition_once() -> None:
    """Table of words and table of functions name the same clauses, in the same order."""
    assert [clause.id for clause in rule_book().clauses] == list(CLAUSES)


def test_every_clause_is_told_in_both_languages() -> None:
    """Each clause has its section and a sentence in Japanese and English."""
    for clause in rule_book().clauses:
        assert clause.section
        assert clause.title.ja.endswith("。")
        assert clause.title.en.endswith(".")


def test_an_edition_replaces_a_single_clause() -> None:
    """A revised edition judges by the new clause and leaves the old edition as it was."""

    def refuses(_case: Case) -> Iterable[Remark]:
        text = Text("新", "new")
        yield Finding(code="gdap_required", outcome=Outcome.HELD, message=text, remedy=text)

    included = rule_book().clause("O-1")
    extra = replace(included, id="O-9", judge=refuses)
    revised = EDITION_2018.revised("2030", [replace(included, judge=refuses), extra])
    old = rule_book()
    new = bound(revised, old.products, old.benefits)
    facts = facts_of({"base": "office"})
    assert decide(facts, old).outcome is Outcome.ELIGIBLE
    verdict = decide(facts, new)
    assert [reason.rule for reason in verdict.reasons] == ["O-1", "O-9"]
    assert (new.edition, len(new.clauses)) == ("2030", len(old.clauses) + 1)
    assert new.refusing == old.refusing


@pytest.mark.parametrize(
    ("since", "outcome"),
    [(date(2018, 4, 11), Outcome.REJECTED), (date(2018, 4, 12), Outcome.ELIGIBLE)],
)
def test_n_minus_one_begins_on_its_day(since: date, outcome: Outcome) -> None:
    """Before the policy's first day a version past mainstream is covered while it is n-1."""
    changed: dict[str, Any] = copy.deepcopy(dict(values("benefits.yaml")))
    changed["n_minus_one"]["since"] = since
    dated = replace(rule_book(), benefits=read_benefits(changed))
    assert decide(facts_of(DAY_AFTER_MAINSTREAM), dated).outcome is outcome


def test_an_older_version_without_an_end() -> None:
    """Where extended support has no end, the remedy says so."""
    products = rule_book().products
    endless = replace(products.products["exchange-server/2010"], extended_end=None)
    index = {**products.index, "exchange2010": endless}
    dated = replace(rule_book(), products=replace(products, index=index))
    case = {**DAY_AFTER_MAINSTREAM, "request": {"product": "Exchange 2010"}}
    verdict = decide(facts_of(case), dated)
    assert [reason.code for reason in verdict.reasons] == ["version_not_covered"]
    assert "no end is set" in verdict.reasons[0].remedy.en


def test_a_benefit_group_nobody_named_pays_nowhere() -> None:
    """A kind whose group is not in the table has no route."""
    changed: dict[str, Any] = copy.deepcopy(dict(values("benefits.yaml")))
    changed["contracts"]["gold_20"]["group"] = "gone"
    assert not read_benefits(changed).of("gold_20").routes
