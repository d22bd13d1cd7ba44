"""What the article demands, in sentences, decided through the public way in."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.request import SECRET_NAMES
from ops.answers.explaining import explain
from rules.verdict import Reason, Verdict
from tests.rules.article import Case, article, data_of, day_of, directory_of, verdict_in, verdict_on

CASES: list[Case] = article()["cases"]
LIFE_CYCLES: list[tuple[str, date, date | None, date | None, bool]] = article()["life_cycles"]
POLICY_SINCE = date(2017, 7, 22)
OUTCOMES = ("eligible", "incomplete", "held", "rejected")

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
every_row = pytest.mark.parametrize("row", LIFE_CYCLES, ids=lambda row: row[0])


@every_case
def test_the_sentence_holds(case: Case) -> None:
    """Outcome, all reasons, notices, and what else the case names."""
    verdict = verdict_in(case["says"])
    told, wanted = [_told(reason) for reason in verdict.reasons], case.get("reasons", [])
    assert (told if case.get("in_order") else sorted(told)) == (
        wanted if case.get("in_order") else sorted(wanted)
    )
    assert verdict.outcome.value == case["answer"]
    assert sorted(verdict.notices) == sorted(case.get("notices", []))
    for name, value in _seen(verdict).items():
        assert case.get(name, value) == value, name
    assert case.get("checked", list(verdict.rules_checked)) == list(verdict.rules_checked)


@every_case
def test_the_words_are_whole(case: Case) -> None:
    """Every reason speaks both languages, cites its section, and shows no number of a contract."""
    verdict = verdict_in(case["says"])
    spoken = json.dumps(verdict.as_dict(), ensure_ascii=False)
    assert all(word in spoken for word in case.get("words", ()))
    for reason in verdict.reasons:
        texts = (*reason.message.as_dict().values(), *reason.remedy.as_dict().values())
        assert all(text.strip() and "{" not in text for text in texts)
        assert article()["sections"].get(reason.rule, "") in reason.section
    assert not any(secret in spoken for secret in _secrets(case))


@every_case
def test_the_gravest_reason_is_the_outcome(case: Case) -> None:
    """Nothing is filed on a plan unless everything holds, and a rule that spoke was checked."""
    verdict = verdict_in(case["says"])
    gravest = max((reason.outcome.value for reason in verdict.reasons), key=OUTCOMES.index,
                  default="eligible")  # fmt: skip
    assert verdict.outcome.value == gravest
    assert gravest == "eligible" or (verdict.plan, verdict.incidents) == (None, 0)
    assert {reason.rule for reason in verdict.reasons} <= set(verdict.rules_checked)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_explain_says_the_same(tmp_path: Path, outcome: str) -> None:
    """The command gives the same document; its status is 0 for eligible alone."""
    case = next(case for case in CASES if case["answer"] == outcome)
    request, directory = tmp_path / "request.json", tmp_path / "directory.yaml"
    request.write_text(json.dumps(data_of(case)), encoding="utf-8")
    directory.write_text(directory_of(case), encoding="utf-8")
    answer = explain(request, directory, str(day_of(case)))
    assert answer.document == verdict_in(case["says"]).as_dict()
    assert answer.status == (0 if outcome == "eligible" else 1)


@every_row
def test_a_version_is_known_from_its_release(row: tuple[Any, ...]) -> None:
    """The day before, it is an unknown product; on the day it is none."""
    name, released, *_ = row
    assert _codes(name, released - timedelta(days=1)) == ["unknown_product"]
    assert "unknown_product" not in _codes(name, released)


@every_row
def test_core_benefits_follow_mainstream_support(row: tuple[Any, ...]) -> None:
    """They serve today what is open and n or n-1, and nothing on the day after its end.

    Before the policy began, an end of mainstream support alone refused nothing.
    """
    name, _, mainstream_end, _, covered = row
    assert _codes(name, date(2026, 11, 22)) == ([] if covered else ["version_not_covered"])
    if mainstream_end is not None and mainstream_end >= POLICY_SINCE:
        assert _codes(name, mainstream_end + timedelta(days=1)) == ["version_not_covered"]


@every_row
def test_pay_per_incident_follows_extended_support(row: tuple[Any, ...]) -> None:
    """It serves the last day of all support, and not the next; without an end, any day."""
    name, _, _, extended_end, _ = row
    last = extended_end or date(2040, 1, 1)
    over = [] if extended_end is None else ["out_of_support"]
    assert _codes(name, last, payment="pay_per_incident") == []
    assert _codes(name, last + timedelta(days=1), payment="pay_per_incident") == over


def _codes(product: str, on: date, **fields: str) -> list[str]:
    contract = {"row": "gold", "expires_on": date(2099, 12, 31)}
    case = {
        "ask": "onprem",
        "day": on,
        "set": {"product": product, **fields},
        "contracts": [contract],
        "linked": ["gold"],
    }
    return [reason.code for reason in verdict_on(case).reasons]


def _told(reason: Reason) -> str:
    parts = (reason.outcome.value, reason.rule, reason.code, reason.field or "")
    return " ".join(parts).strip()


def _seen(verdict: Verdict) -> dict[str, object]:
    plan = verdict.plan
    return {
        "route": verdict.route,
        "entry": verdict.entry,
        "plan": None if plan is None else " ".join(filter(None, (plan.kind, plan.contract))),
        "incidents": verdict.incidents,
    }


def _secrets(case: Case) -> set[str]:
    """Give every spelling of an id that stands in the directory or in the request."""
    data, rows = data_of(case), article()["contracts"].values()
    return {holder[name] for holder in (data, *rows) for name in SECRET_NAMES if name in holder}
