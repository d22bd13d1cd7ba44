from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ops.__main__ import run
from tests.ops.conftest import SAMPLES

Output = pytest.CaptureFixture[str]
PUBLIC = {
    "outcome", "route", "entry", "plan", "incidents", "reasons", "notices", "rules_checked",
}  # fmt: skip
ON_PAPER = ["--directory", str(SAMPLES / "directory.yaml")]


def explained(capsys: Output, status: int, name: str, *words: str) -> dict[str, Any]:
    """Explain a sample; give the document."""
    assert run(["explain", str(SAMPLES / name), *words, "--json"]) == status
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_eligible_is_status_0(var: Path, capsys: Output) -> None:
    """Bare data with ids at first use is decided from a directory file, and nothing is stored."""
    document = explained(capsys, 0, "http/aks-upgrade.json", *ON_PAPER)
    assert set(document) == PUBLIC
    assert document["outcome"] == "eligible"
    assert document["plan"] == {"kind": "scs_10", "contract": "scs-10"}
    assert document["incidents"] == 1
    assert not var.exists()


def test_any_other_outcome_is_status_1(var: Path, capsys: Output) -> None:
    """A reason names its rule and speaks both languages."""
    document = explained(capsys, 1, "http/helpdesk-on-azure.json", *ON_PAPER)
    assert document["outcome"] == "rejected"
    (reason,) = document["reasons"]
    assert reason["code"] == "role_required"
    assert set(reason["message"]) == set(reason["remedy"]) == {"ja", "en"}
    assert not var.exists()


def test_unreadable_is_status_2(var: Path, capsys: Output) -> None:
    """What cannot be read is no decision; the place of the fault is said."""
    document = explained(capsys, 2, "stream/unknown-severity.json", *ON_PAPER)
    assert document["error"]["faults"][0]["place"] == "data.severity"
    assert not var.exists()


def test_the_day_decides(var: Path, capsys: Output) -> None:
    """A product that is not out yet on the day is unknown; a contract may still be good."""
    early = explained(capsys, 1, "stream/cluster-failover.json", *ON_PAPER, "--on", "2020-01-01")
    assert "unknown_product" in {one["code"] for one in early["reasons"]}
    late = explained(capsys, 0, "stream/cluster-failover.json", *ON_PAPER, "--on", "2027-01-01")
    assert late["outcome"] == "eligible"
    assert not var.exists()


def test_the_ledgers_directory_answers_alike(imported: Path, capsys: Output) -> None:
    """Without a file the ledger is asked, and says the same."""
    for name in ("http/aks-upgrade.json", "http/shared-mailbox.json"):
        assert explained(capsys, 0, name) == explained(capsys, 0, name, *ON_PAPER)
    name = "stream/leading-zero-lost.json"
    assert explained(capsys, 1, name) == explained(capsys, 1, name, *ON_PAPER)
    assert imported.exists()


def test_people_read_both_languages(var: Path, capsys: Output) -> None:
    """Outcome first, then each reason with what to do."""
    assert run(["explain", str(SAMPLES / "stream" / "dap-requested.json"), *ON_PAPER]) == 1
    said = capsys.readouterr().out
    assert said.startswith("held\n")
    assert "D-1 held dap_pending" in said
    assert said.count("→") >= 2
    assert not var.exists()
