from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.__main__ import run
from tests.ops.conftest import SAMPLES

Output = pytest.CaptureFixture[str]
GOOD = str(SAMPLES / "files" / "proseware.jsonl")
BAD = str(SAMPLES / "stream" / "unknown-severity.json")


def test_a_receipt_for_each_request(imported: Path, capsys: Output) -> None:
    """Requests are stored though no Redis is there, and a repeat is told from a new one."""
    assert run(["submit", GOOD, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["items"]
    assert [one["verdict"] for one in first] == ["new", "new"]
    assert run(["submit", GOOD, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)["items"]
    assert [one["verdict"] for one in again] == ["repeat", "repeat"]
    assert [one["request"] for one in again] == [one["request"] for one in first]
    assert imported.exists()


def test_the_unreadable_is_listed_with_its_place(imported: Path, capsys: Output) -> None:
    """It is kept under a number, its neighbours pass, and the answer is no."""
    assert run(["submit", BAD, GOOD]) == 1
    said = capsys.readouterr().out
    assert "unreadable, kept as Q-" in said
    assert "data.severity" in said
    assert "2 of 3 stored" in said
    assert imported.exists()


def test_nothing_is_submitted_when_a_file_cannot_be_opened(var: Path, capsys: Output) -> None:
    """A name mistyped does not leave half of the work done."""
    assert run(["submit", GOOD, "no-such-file.csv"]) == 2
    assert "no-such-file.csv" in capsys.readouterr().err
    assert not var.exists()


def test_a_hundred_and_one_requests_pass_in_batches(
    tmp_path: Path, var: Path, capsys: Output
) -> None:
    """Every line of a long file has its receipt, in order."""
    path = tmp_path / "many.jsonl"
    event = {"specversion": "1.0", "source": "urn:many", "type": "toritsugi.request.v1"}
    lines = [json.dumps({**event, "id": str(at), "data": {"title": "t"}}) for at in range(101)]
    path.write_text("\n".join(lines))
    assert run(["submit", str(path), "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert len({one["request"] for one in items}) == 101
    assert var.exists()
