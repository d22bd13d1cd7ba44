from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger import outbox
from ops.__main__ import run
from ops.opening import opened
from tests.ops.conftest import SAMPLES

Output = pytest.CaptureFixture[str]


@pytest.fixture
def told(imported: Path, capsys: Output) -> list[str]:
    """Submit three requests, have their events published; give the events' ids."""
    assert imported.exists()
    names = ("exchange-queue.json", "proseware.jsonl")
    assert run(["submit", *(str(SAMPLES / "files" / name) for name in names)]) == 0
    with opened() as app:
        letters = app.store.read(lambda db: outbox.waiting(db, 10))
        app.store.write(lambda db: outbox.mark(db, letters))
    capsys.readouterr()
    return [letter.id for letter in letters]


def answered(capsys: Output, *words: str) -> dict[str, Any]:
    """Give the document of a command of `events`."""
    assert run(["events", *words, "--json"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_what_was_told_is_listed_page_by_page(told: list[str], capsys: Output) -> None:
    """Each event comes once, oldest first, and the last page says that it is the last."""
    first = answered(capsys, "list", "--limit", "2")
    rest = answered(capsys, "list", "--after", str(first["next"]))
    found = [*first["items"], *rest["items"]]
    assert [one["id"] for one in found] == told
    assert rest["next"] is None
    assert all(one["published_at"] for one in found)


def test_a_list_fits_the_screen(
    told: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Every column has a heading, and its times say whose clock they are of."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["events", "list"]) == 0
    head, *lines, times = capsys.readouterr().out.splitlines()
    assert head.split() == ["at", "event", "request", "sequence", "published"]
    assert len(lines) == len(told)
    assert times.strip() == "times of Asia/Tokyo"
    assert all(len(line) <= 80 for line in lines)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        (["--type", "request.accepted"], 3),
        (["--type", "toritsugi.request.submitted.v1"], 0),
        (["--since", "2099-01-01"], 0),
        (["--since", "2026-01-01"], 3),
        (["--request", "TR-0000000000000000"], 0),
    ],
)
def test_filters(told: list[str], words: list[str], number: int, capsys: Output) -> None:
    """Every filter leaves only what it names."""
    assert len(told) == 3
    assert len(answered(capsys, "list", *words)["items"]) == number


def test_people_see_what_waits(told: list[str], capsys: Output) -> None:
    """The table fits 80 columns and says of each event whether it is published."""
    assert told
    assert run(["events", "replay", "--since", "2026-01-01"]) == 0
    assert "3 events are published again" in capsys.readouterr().out
    assert run(["events", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (
        sum("request.accepted" in line and line.rstrip().endswith("waits") for line in lines) == 3
    )
    assert max(map(len, lines)) <= 80


def test_a_replay_publishes_the_same_events(told: list[str], capsys: Output) -> None:
    """What was told since that moment is published again in its order; what is older is not."""
    assert answered(capsys, "replay", "--since", "2099-01-01")["events"] == 0
    with opened() as app:
        assert app.store.read(outbox.unpublished) == 0
    assert answered(capsys, "replay", "--since", "2026-01-01")["events"] == 3
    with opened() as app:
        assert [one.id for one in app.store.read(lambda db: outbox.waiting(db, 10))] == told
        assert app.store.read(outbox.unpublished) == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["list", "--type", "request.lost"], "there is no event request.lost"),
        (["replay", "--since", "yesterday"], "--since: yesterday is no time"),
    ],
)
def test_wrong_use_says_what_is_right(
    told: list[str], words: list[str], says: str, capsys: Output
) -> None:
    """A type or a moment that is none ends with status 2 and the choices."""
    assert told
    assert run(["events", *words]) == 2
    assert says in capsys.readouterr().err
