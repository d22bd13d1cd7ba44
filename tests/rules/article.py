"""The cases of `from_the_article.yaml`: what they overlay, and how a decision on one is made.

Takes the public way from a directory file and the data of a request to a verdict; the cast of the
other rule tests has no part in it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from contracts.directory_file import read_directory
from contracts.request import SupportRequest
from ledger.vault import Vault, new_key
from ops import directory_facts
from rules.engine import decide
from rules.verdict import Verdict
from tests.rules.cast import rule_book
from workers.facts import facts_of

Tree = dict[str, Any]
Case = Mapping[str, Any]

TODAY = date(2026, 11, 22)


@cache
def article() -> Mapping[str, Any]:
    """Load the sentences once."""
    file = Path(__file__).parent / "from_the_article.yaml"
    loaded: Mapping[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded


def day_of(case: Case) -> date:
    """Give the day of the decision."""
    day: date = case.get("day", TODAY)
    return day


def data_of(case: Case) -> Tree:
    """Take one of the complete requests, set what the case sets, leave out what it lacks."""
    data: Tree = copy.deepcopy(article()["asks"][case["ask"]])
    for path, value in case.get("set", {}).items():
        _holder(data, path)[path.rpartition(".")[2]] = value
    for path in case.get("without", ()):
        del _holder(data, path)[path.rpartition(".")[2]]
    return data


def directory_of(case: Case) -> str:
    """Write the directory file of a case."""
    directory: Tree = copy.deepcopy(article()["directory"])
    partner = directory["partners"][0]
    partner |= case.get("partner", {})
    partner["agents"][0] |= case.get("agent", {})
    partner["customers"][0] |= case.get("customer", {})
    partner["contracts"] = [_contract(each) for each in case.get("contracts", ())]
    links = [_contract(each)["name"] for each in case.get("linked", ())]
    partner["agents"][0]["linked_contracts"] = links
    return yaml.safe_dump(directory, allow_unicode=True)


def verdict_on(case: Case) -> Verdict:
    """Decide as `explain` does: file, data, facts, rules."""
    request = SupportRequest.model_validate(data_of(case))
    fingerprint = Vault(new_key()).fingerprint
    directory = read_directory(directory_of(case))
    names = (request.partner, request.agent, request.customer)
    known = directory_facts.known(directory, fingerprint, *names)
    facts = facts_of(request, request.secrets(), known, fingerprint, day_of(case))
    return decide(facts, rule_book())


@cache
def verdict_in(sentence: str) -> Verdict:
    """Decide the case of a sentence, once."""
    (case,) = (case for case in article()["cases"] if case["says"] == sentence)
    return verdict_on(case)


def _contract(wanted: str | Mapping[str, Any]) -> Tree:
    """Give a contract's row, with the changes the case names beside it."""
    changes = {"row": wanted} if isinstance(wanted, str) else dict(wanted)
    return {**article()["contracts"][changes.pop("row")], **changes}


def _holder(data: Tree, path: str) -> Tree:
    """Give the part of the data that a dotted name stands in."""
    for name in path.split(".")[:-1]:
        data = data[name]
    return data
