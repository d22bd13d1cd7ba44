"""The page of the rules says what the code does, and every citation leads into the article."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ops.answers.rule_findings import refusals
from ops.answers.rule_values import USES
from ops.answers.rules_document import NOWHERE, PAGE, document
from rules.catalogue import EDITIONS
from rules.clause import Clause
from tests.house.citations import unknown_places
from tests.house.tree import ROOT
from tests.rules.cast import decided
from tests.rules.test_cases import BY_EDITION
from workers.rulebook import load, read_shelf

TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
ARTICLES = EDITIONS["2018"]
REFUSAL = re.compile(r"(\w+) `(\w+)`(?: \(([^)]*)\))?")


def _told(edition: str) -> dict[str, str]:
    """Give the rules that the page tells of an edition, each with what it refuses."""
    part = TEXT.partition(f"## Edition {edition}\n")[2].partition("\n## ")[0]
    told = {}
    for rule in part.split("\n#### ")[1:]:
        refuses = re.search(r"^- Refuses: (.+)$", rule, re.MULTILINE)
        assert refuses is not None, rule
        told[rule.partition("\n")[0]] = refuses[1]
    return told


def _promised(edition: str) -> set[tuple[str, str, str, str]]:
    """Give rule, outcome, code and missing field of all that the page tells of an edition."""
    return {
        (rule, outcome, code, field.strip("`") if code == "missing" else "")
        for rule, refuses in _told(edition).items()
        for outcome, code, fields in REFUSAL.findall(refuses)
        for field in fields.split(", ")
    }


def _answered(edition: str) -> set[tuple[str, str, str, str]]:
    """Give the same of what the edition's cases are answered."""
    reasons = (each for case in BY_EDITION[edition] for each in decided(case, edition).reasons)
    return {
        (
            each.rule,
            each.outcome.value,
            each.code,
            each.field or "" if each.code == "missing" else "",
        )
        for each in reasons
    }


def test_the_page_is_todays() -> None:
    """What the code says is what the page says; `make rules` writes it."""
    assert document() == TEXT


def test_the_page_has_every_rule_once() -> None:
    """Ids stand in the order of the catalogue; of a later edition those that it says anew."""
    first, *later = EDITIONS.values()
    assert list(_told(first.name)) == [clause.id for clause in first.clauses]
    for edition in later:
        anew = [clause.id for clause in edition.clauses if clause not in first.clauses]
        assert list(_told(edition.name)) == anew


def test_the_page_has_every_answer_that_cases_meet() -> None:
    """What the article's cases are answered is what the page promises, and nothing more."""
    assert _promised("2018") == _answered("2018")


@pytest.mark.parametrize("edition", [name for name in EDITIONS if name != "2018"])
def test_a_later_edition_promises_what_its_cases_meet(edition: str) -> None:
    """What its own cases are answered by the clauses it says anew is what the page promises."""
    anew = {each for each in _answered(edition) if each[0] in _told(edition)}
    assert _promised(edition) == anew


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_every_value_has_its_source_and_day(edition: str) -> None:
    """Each row a rule stands on says where it was read and when it was checked."""
    shelf = read_shelf(edition, NOWHERE)
    for table in {table for tables in USES.values() for table in tables}:
        rows = list(table.rows(shelf))
        assert rows
        for row in rows:
            assert row.source.href.startswith("https://"), row.key
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.checked_on), row.key


def test_a_letter_means_one_source() -> None:
    """The files of values name the same source by the same letter."""
    products, benefits = load("products")["sources"], load("benefits")["sources"]
    for letter in products.keys() & benefits.keys():
        assert products[letter] == benefits[letter]


def test_a_later_edition_is_told_by_what_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clauses said anew are on the page with their refusals; those that are kept are not again."""
    by_id = {clause.id: clause for clause in ARTICLES.clauses}
    anew = replace(by_id["O-1"], section="a later source", judge=by_id["D-5"].judge)
    monkeypatch.setitem(EDITIONS, "2099", ARTICLES.revised("2099", [anew]))
    part = document().partition("## Edition 2099\n")[2]
    assert re.findall(r"^#### (\S+)$", part.partition("\n## ")[0], re.MULTILINE) == ["O-1"]
    assert "- Section: a later source\n- Refuses: rejected `unknown_customer`\n" in part


def test_values_are_used_by_rules_that_there_are() -> None:
    """No table is told at a rule that no edition has."""
    assert USES.keys() <= {clause.id for one in EDITIONS.values() for clause in one.clauses}


@pytest.mark.parametrize("clause", ARTICLES.clauses, ids=lambda clause: str(clause.id))
def test_every_citation_leads_into_the_article(clause: Clause) -> None:
    """Each place that a clause names is a section, a step or a note of the article."""
    assert unknown_places(clause.section) == []


@pytest.mark.parametrize(
    "citation",
    [
        "Azure 1.4",
        "Azure 3 手順 8",
        "Azure 3 手順 3, 9",
        "Azure 3, 手順 4 注",
        "Office 概要",
        "Office 「サポート リクエストの取消」1",
        "Office 「サポート リクエストの作成」3–6",
        "オンプレミス 概要, 手順 4 注",
        "はじめに 2",
        "Exchange 1",
        "第 1 章",
        "",
    ],
)
def test_a_citation_of_nothing_is_noticed(citation: str) -> None:
    """A chapter, section, step or note that the article lacks is not taken for one."""
    assert unknown_places(citation)


def test_a_rule_s_words_are_found_in_what_it_calls() -> None:
    """Codes are read out of the functions, wherever in the rules these lead."""
    found = {clause.id: {each.code for each in refusals(clause)} for clause in ARTICLES.clauses}
    assert found["R-1"] == {"missing", "unknown_product"}
    assert found["C-5"] == {"benefit_not_activated", "activation_pending"}
    assert found["O-1"] == set()
