from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ops.__main__ import run
from tests.ops.conftest import SAMPLES

Output = pytest.CaptureFixture[str]


@pytest.fixture
def submitted(imported: Path, capsys: Output) -> list[str]:
    """Submit the sample files; give the requests' numbers."""
    files = map(str, sorted((SAMPLES / "files").iterdir()))
    assert imported.exists()
    assert run(["submit", *files, "--json"]) == 0
    return [one["request"] for one in json.loads(capsys.readouterr().out)["items"]]


def listed(capsys: Output, *words: str) -> dict[str, Any]:
    """Give the document of a list."""
    assert run(["requests", "list", *words, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_pages_follow_one_another(submitted: list[str], capsys: Output) -> None:
    """Page by page, each request comes once, and the last page says that it is the last."""
    found, after = [], None
    for _ in range(3):
        page = listed(capsys, "--limit", "3", *(("--after", after) if after else ()))
        found += [one["id"] for one in page["items"]]
        after = page["next"]
    assert after is None
    assert sorted(found) == sorted(submitted)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--partner", "4500005"], 2),
        (["--state", "received"], 8),
        (["--state", "submitted"], 0),
        (["--route", "azure"], 0),
        (["--since", "2026-01-01"], 8),
        (["--until", "2026-01-01T00:00:00+09:00"], 0),
        (["--partner", "4500005", "--until", "2099-01-01"], 2),
    ],
)
def test_filters(submitted: list[str], words: list[str], number: int, capsys: Output) -> None:
    """Every filter leaves only what it names."""
    assert len(submitted) == 8
    assert len(listed(capsys, *words)["items"]) == number


@pytest.mark.parametrize("columns", ["80", "120"])
def test_a_list_fits_the_screen(
    submitted: list[str], columns: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """No line is broken, and a request's number is never cut; times say whose clock they are of."""
    monkeypatch.setenv("COLUMNS", columns)
    assert run(["requests", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    if columns == "120":
        assert lines.pop().strip() == "times of Asia/Tokyo"
    assert len(lines) == 1 + len(submitted)
    assert all(len(line) <= int(columns) for line in lines)
    assert {line.split()[0] for line in lines[1:]} == set(submitted)


def test_one_request_in_full(submitted: list[str], capsys: Output) -> None:
    """A request is shown with its history and events, for people and for machines."""
    assert run(["requests", "show", submitted[0], "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["id"] == submitted[0]
    assert [one["state"] for one in document["history"]] == ["received"]
    assert [one["type"] for one in document["events"]] == ["toritsugi.request.accepted.v1"]
    assert run(["requests", "show", submitted[0]]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [submitted[0]] in lines
    assert ["times", "of", "Asia/Tokyo"] in lines
    assert ["at", "event", "sequence", "published"] in lines
    assert lines[-1][2:4] == ["request.accepted", "1"]


def test_settling_and_calling_off_are_said_in_a_sentence(
    submitted: list[str], capsys: Output
) -> None:
    """What cannot be settled is said with its state; what is called off is so for good."""
    request = submitted[0]
    assert run(["requests", "settle", request, "--absent", "--why", "I looked"]) == 1
    assert "is received, not uncertain" in capsys.readouterr().err
    assert run(["requests", "cancel", request, "--why", "by phone", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == {"request": request, "state": "cancelled"}
    assert run(["requests", "cancel", request, "--why", "by phone"]) == 1
    assert "is cancelled: it was called off before" in capsys.readouterr().err
    assert run(["requests", "show", request]) == 0
    assert "→" not in capsys.readouterr().out  # nothing is left to do


@pytest.mark.parametrize(
    "words",
    [
        ["settle", "TR-1", "--why", "x"],
        ["settle", "TR-1", "--why", "x", "--absent", "--found", "1"],
        ["settle", "TR-1", "--why", "x", "--found", " "],
        ["settle", "TR-1", "--absent"],
        ["settle", "TR-1", "--absent", "--why", "x", "--url", "http://x"],
        ["cancel", "TR-1", "--why", " "],
    ],
)
def test_half_a_word_is_wrong_use(words: list[str], var: Path, capsys: Output) -> None:
    """Whoever does not say what became of the ticket, or why, is told what is lacking."""
    assert run(["requests", *words]) == 2
    assert capsys.readouterr().err.startswith("toritsugi: ")
    assert not var.exists()
