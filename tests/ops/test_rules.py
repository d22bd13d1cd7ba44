from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from ops.__main__ import run
from ops.answers.rule_cases import cases_of
from ops.answers.rule_findings import refusals
from ops.answers.rules import since
from rules.catalogue import EDITIONS
from rules.clause import Clause

Output = pytest.CaptureFixture[str]
NARROW = 80


def document(capsys: Output, *words: str) -> dict[str, Any]:
    """Run a command; give its document."""
    assert run(["rules", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def page(capsys: Output, *words: str) -> str:
    """Run a command for people on a narrow screen; give what they see."""
    assert run(["rules", *words]) == 0
    said = capsys.readouterr().out
    assert max(map(cell_len, said.splitlines())) <= NARROW
    return said


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look on with eighty columns."""
    monkeypatch.setenv("COLUMNS", str(NARROW))


def test_every_rule_is_listed(var: Path, capsys: Output) -> None:
    """Each clause stands with its section and both languages, in the catalogue's order."""
    found = document(capsys, "list")
    clauses = EDITIONS["2018"].clauses
    assert (found["edition"], found["editions"]) == ("2018", list(EDITIONS))
    assert [item["id"] for item in found["items"]] == [clause.id for clause in clauses]
    assert all(item["section"] and set(item["text"]) == {"ja", "en"} for item in found["items"])
    said = page(capsys, "list")
    assert all(f"\n{clause.id} " in said for clause in clauses)
    assert not var.exists()


@pytest.mark.parametrize("edition", list(EDITIONS))
def test_each_edition_is_listed(edition: str, capsys: Output) -> None:
    """An edition is listed by its name; a clause says since which edition it speaks so."""
    found = document(capsys, "list", "--edition", edition)
    assert found["edition"] == edition
    clauses: dict[str, Clause] = {each.id: each for each in EDITIONS[edition].clauses}
    for item in found["items"]:
        assert clauses[item["id"]] in EDITIONS[item["since"]].clauses
    assert page(capsys, "list", "--edition", edition).startswith(f"edition {edition}")


def test_a_revised_clause_belongs_to_its_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    """What an edition says anew is its own; what it keeps is the older one's."""
    first = EDITIONS["2018"]
    anew = Clause(id="O-1", section="x", title=first.clauses[0].title, asked=first.clauses[0].asked)
    monkeypatch.setitem(EDITIONS, "2099", first.revised("2099", [anew]))
    assert since(anew) == "2099"
    assert since(first.clauses[0]) == "2018"


def test_a_rule_is_shown_whole(var: Path, capsys: Output) -> None:
    """Clause, section, what it may answer, its dated values with their source, and its cases."""
    found = document(capsys, "show", "P-4")
    assert found["section"] == "オンプレミス 3 手順 6"
    assert [(one["outcome"], one["code"]) for one in found["refusals"]] == [
        ("rejected", "version_not_covered")
    ]
    values = {value["key"]: value for value in found["values"]}
    assert values["n_minus_one"]["since"] == "2017-07-22"
    assert values["exchange-server/2010"]["mainstream_end"] == "2015-01-13"
    assert values["exchange-server/se"]["mainstream_end"] is None
    assert all(value["source"]["href"] and value["checked_on"] for value in values.values())
    assert found["cases"] == [
        {"name": case.name, "file": case.file, "outcome": case.outcome, "reasons": [*case.reasons]}
        for case in cases_of("P-4", "2018")
    ]
    assert not var.exists()


@pytest.mark.parametrize("clause", EDITIONS["2018"].clauses, ids=lambda clause: str(clause.id))
def test_every_rule_can_be_read(clause: Clause, capsys: Output) -> None:
    """The page has both languages and every code, and fits a narrow screen."""
    said = page(capsys, "show", clause.id)
    unwrapped = "".join(said.split())
    assert "".join(clause.title.ja.split()) in unwrapped
    assert "".join(clause.title.en.split()) in unwrapped
    assert all(each.code in said for each in refusals(clause))


@pytest.mark.parametrize("written", ["p4", "P-4", "ｐ－４", " p-4 "])
def test_an_id_is_read_forgivingly(written: str, capsys: Output) -> None:
    """Case, width, blanks and the hyphen do not count."""
    assert document(capsys, "show", written)["id"] == "P-4"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "P-44"], "did you mean P-4"),
        (["show", "nonsense"], "toritsugi rules list"),
        (["show", "version_not_covered"], "rules show P-4"),
        (["show", "P-4", "--edition", "1999"], "2018"),
        (["list", "--edition", "1999"], "2018"),
    ],
)
def test_what_there_is_not_is_status_2(words: list[str], said: str, capsys: Output) -> None:
    """Whoever mistypes is told what there is."""
    assert run(["rules", *words]) == 2
    assert said in capsys.readouterr().err


def test_without_the_source_tree_there_are_no_cases(tmp_path: Path) -> None:
    """Where the cases are not at hand, none are shown."""
    assert cases_of("P-4", "2018", tmp_path / "nowhere") == ()


def test_a_case_names_its_rules(tmp_path: Path) -> None:
    """A case belongs to the rules of its reasons, and to those it says were asked."""
    (tmp_path / "some.yaml").write_text(
        "- {name: one, expect: {outcome: rejected, reasons: [C-3 contract_expired]}}\n"
        "- {name: two, expect: {outcome: eligible, checked: [A-2, C-3]}}\n"
    )
    assert [case.name for case in cases_of("C-3", "2018", tmp_path)] == ["one", "two"]
    assert [case.name for case in cases_of("A-2", "2018", tmp_path)] == ["two"]
    assert cases_of("A-1", "2018", tmp_path) == ()
    assert cases_of("C-3", "2026", tmp_path) == ()


def test_a_rule_said_anew_has_cases_of_its_own(capsys: Output) -> None:
    """The cases of a revised clause are its edition's; one that is kept has the article's."""
    anew = document(capsys, "show", "D-1", "--edition", "2026")
    assert anew["since"] == "2026"
    assert {code for case in anew["cases"] for code in case["reasons"]} >= {"D-1 gdap_pending"}
    kept = document(capsys, "show", "D-5", "--edition", "2026")
    old = document(capsys, "show", "D-5")
    assert (kept["since"], kept["cases"]) == ("2018", old["cases"])
