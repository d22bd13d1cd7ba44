from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import request_id
from ledger.states import State
from ops.__main__ import run
from ops.opening import opened
from sandbox.server import SandboxServer
from tests.builders import onprem_data, with_directory
from tests.driving import SOURCE, Driver

Output = pytest.CaptureFixture[str]
PORTALS = ("office", "onprem", "partner_portal")


@pytest.fixture
def driver(var: Path, embedded_redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    """Give an app as commands open it, with simulated portals set up as if they were real."""
    with SandboxServer() as sandbox:
        named = {
            "REDIS_URL": embedded_redis_url,
            "AZURE__URL": sandbox.azure_url,
            "AZURE__FIXED_TOKEN": "here",
            **{f"{name.upper()}__URL": sandbox.bridge_url for name in PORTALS},
            **{f"{name.upper()}__TOKEN": "here" for name in PORTALS},
        }
        for name, value in named.items():
            monkeypatch.setenv(f"TORITSUGI_{name}", value)
        with opened(files=True, makes=True) as app:
            with_directory(app.store, app.vault)
            yield Driver(app, sandbox)
    assert var.exists()


def reconciled(capsys: Output, *words: str, status: int) -> dict[str, Any]:
    """Run the command; give its document."""
    assert run(["reconcile", *words, "--json"]) == status
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def told(capsys: Output, *words: str, status: int) -> str:
    """Run the command; give what people read, which fits their screen."""
    assert run(["reconcile", *words]) == status
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    return said


def abandoned(driver: Driver, sender_id: str) -> str:
    """Have a ticket filed whose request is left as if its worker had died."""
    driver.fault(portal="onprem", operation="create", fault="drop_after")
    request = driver.send(onprem_data(title=sender_id), sender_id).request or ""
    driver.step()
    driver.step()
    assert driver.story(request).line.state == State.SUBMITTING
    return request


def test_everything_agrees(driver: Driver, capsys: Output) -> None:
    """Exit status 0, and a line for each portal."""
    driver.file(onprem_data())

    document = reconciled(capsys, "--since", "2020-01-01", status=0)
    assert (document["ok"], document["since"], document["items"]) == (
        True,
        "2020-01-01T00:00:00+09:00",
        [],
    )
    assert {one["portal"]: one["agrees"] for one in document["portals"]} == {
        "azure": 0,
        "office": 0,
        "onprem": 1,
        "partner_portal": 0,
    }
    said = told(capsys, status=0)
    assert "all is explained" in said
    assert len(said.splitlines()) == 6


def test_a_ticket_is_adopted(driver: Driver, var: Path, capsys: Output) -> None:
    """Adopting is done, in a person's name that is written down; a dry run only says so."""
    request = abandoned(driver, "1")

    said = told(capsys, "--dry-run", status=0)
    assert "would adopt" in said
    assert driver.story(request).line.state == State.SUBMITTING

    (item,) = reconciled(capsys, "--who", "suzuki", status=0)["items"]
    assert (item["request"], item["finding"], item["portal"]) == (request, "adopted", "onprem")
    story = driver.story(request)
    assert (story.line.ticket, story.history[-1]["who"]) == (item["number"], "suzuki")
    log = (var / "log" / "toritsugi.jsonl").read_text(encoding="utf-8")
    ours = [json.loads(line) for line in log.splitlines() if "portals.reconciled" in line]
    assert [(one["dry_run"], one["adopted"]) for one in ours] == [(True, 1), (False, 1)]
    assert ours[1]["who"] == "suzuki"


def test_a_ticket_is_unexplained(driver: Driver, capsys: Output) -> None:
    """Exit status 1, and what to do about it."""
    unknown = request_id(SOURCE, "7")
    body = {"portal": "office", "kind": "technical", "partner": "1", "agent": "a", "title": "t",
            "description": "d", "contact": {"name": "n", "email": "e"}}  # fmt: skip
    ticket, _ = driver.sandbox.sandbox.bridge.create(unknown, body)

    document = reconciled(capsys, status=1)
    (item,) = document["items"]
    assert (document["ok"], item["code"], item["number"]) == (
        False,
        "unknown_request",
        ticket.number,
    )
    said = told(capsys, status=1)
    assert "1 unexplained" in said
    assert f"{unknown} (office, ticket {ticket.number})" in said
    assert "have its sender send it again" in said


def test_a_portal_cannot_be_asked(driver: Driver, capsys: Output) -> None:
    """Exit status 1 with the reason; a bridge that has no list is told, and is no fault."""
    driver.fault(portal="azure", operation="list", times=None, fault="revoked")
    driver.fault(portal="office", operation="list", times=None, fault={"status": 405})

    document = reconciled(capsys, status=1)
    by_name = {one["portal"]: one for one in document["portals"]}
    (unasked,) = by_name["azure"]["unasked"]
    assert unasked["code"] == "unauthorized"
    assert {one["customer"] for one in unasked["scopes"]} >= {None, "fabrikam.example"}
    assert (by_name["office"]["listed"], by_name["office"]["unasked"]) == (False, [])
    said = " ".join(told(capsys, status=1).split())
    assert "office cannot list" in said
    assert "credentials need repair" in said
    assert "partner 4612345, subscription 1f0c7a52" in said


def test_wrong_use(imported: Path, capsys: Output) -> None:
    """A day that is none is wrong use; without any portal there is nothing to do."""
    assert run(["reconcile"]) == 1
    assert "no portal is set up" in capsys.readouterr().err
    assert run(["reconcile", "--since", "yesterday"]) == 2
    assert "--since: yesterday is no time" in capsys.readouterr().err
    assert imported.exists()
