"""Every clause in sentences: `cases/*.yaml`, each outcome, both sides of each threshold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.verdict import Reason, Verdict
from tests.rules.cast import decided, rule_book
from tests.rules.test_editions import REPLACED_IN_2026

Case = Mapping[str, Any]
FOLDER = Path(__file__).parent / "cases"

SPEAKS_ELSEWHERE = {"A-7", "C-7", "P-8", "P-9", "P-10"}
"""Clauses that act in labels, in remedies, or after submission."""


def _cases(folder: Path) -> list[Case]:
    files = sorted(folder.glob("*.yaml"))
    return [case for file in files for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


CASES = _cases(FOLDER)
CASES_2026 = _cases(FOLDER / "2026")
BY_EDITION = {"2018": CASES, "2026": CASES_2026}
EVERY = [(edition, case) for edition, cases in BY_EDITION.items() for case in cases]

every_edition = pytest.mark.parametrize("edition", list(BY_EDITION))


@pytest.mark.parametrize(
    ("edition", "case"), EVERY, ids=lambda part: part if isinstance(part, str) else part["name"]
)
def test_sentence(edition: str, case: Case) -> None:
    """The decision is what the sentence says."""
    verdict, expected = decided(case, edition), case["expect"]
    assert [_told(reason) for reason in verdict.reasons] == expected.get("reasons", [])
    assert verdict.outcome.value == expected["outcome"]
    for name, value in _seen(verdict).items():
        assert value == expected.get(name, value), name
    _check_words(verdict, expected)
    _check_fills(verdict, expected)
    assert set(expected.get("checked", ())) <= set(verdict.rules_checked)


def test_every_clause_has_a_case() -> None:
    """Each clause is asked in some case, but for those that speak elsewhere."""
    asked = {rule for case in CASES for rule in decided(case).rules_checked}
    assert asked == {clause.id for clause in rule_book().clauses} - SPEAKS_ELSEWHERE


def test_every_clause_said_anew_has_a_case() -> None:
    """Each clause that edition 2026 replaces is asked in some case of its own."""
    asked = {rule for case in CASES_2026 for rule in decided(case, "2026").rules_checked}
    assert asked >= REPLACED_IN_2026 - SPEAKS_ELSEWHERE


@every_edition
def test_every_reason_reads_well(edition: str) -> None:
    """No blank is left unfilled, both languages speak, and the section is the clause's own."""
    sections = {clause.id: clause.section for clause in rule_book(edition).clauses}
    cases = BY_EDITION[edition]
    for reason in (reason for case in cases for reason in decided(case, edition).reasons):
        for text in (reason.message, reason.remedy):
            assert text.ja.endswith(("。", "/", "OAS", "com")), text.ja
            assert text.en.strip(), reason
            assert "{" not in text.ja + text.en
        assert reason.section == sections[reason.rule]


@every_edition
def test_order_is_the_catalogue_s(edition: str) -> None:
    """Asked rules and reasons come in the order of the catalogue; what contracts fail, last."""
    book = rule_book(edition)
    place = {clause.id: at for at, clause in enumerate(book.clauses)}
    last = {clause.id: len(place) for clause in book.weighing if clause.id != "A-3"}
    for verdict in (decided(case, edition) for case in BY_EDITION[edition]):
        reasons = [{**place, **last}[reason.rule] for reason in verdict.reasons]
        assert reasons == sorted(reasons)
        assert list(verdict.rules_checked) == sorted(verdict.rules_checked, key=place.__getitem__)


def _told(reason: Reason) -> str:
    field = "" if reason.field is None else f" ({reason.field})"
    return f"{reason.rule} {reason.code}{field}"


def _seen(verdict: Verdict) -> dict[str, object]:
    plan = verdict.plan
    return {
        "route": verdict.route,
        "entry": verdict.entry,
        "plan": None if plan is None else " ".join(filter(None, (plan.kind, plan.contract))),
        "incidents": verdict.incidents,
        "notices": list(verdict.notices),
        "link": verdict.link,
        "only_checked": list(verdict.rules_checked),
    }


def _check_words(verdict: Verdict, expected: Mapping[str, Any]) -> None:
    words = json.dumps(verdict.as_dict(), ensure_ascii=False)
    assert expected.get("says", "") in words
    assert "hides" not in expected or expected["hides"] not in words


def _check_fills(verdict: Verdict, expected: Mapping[str, Any]) -> None:
    assert expected.get("fills", {}).items() <= verdict.fills.items()
    assert expected.get("no_fill") not in verdict.fills
