from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger.store import open_store
from ops.__main__ import run
from sandbox.server import SandboxServer

Output = pytest.CaptureFixture[str]


def checks(capsys: Output, status: int) -> dict[str, bool]:
    """Ask the doctor; give what each check says."""
    assert run(["doctor", "--json"]) == status
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is (status == 0)
    return {one["name"]: one["ok"] for one in document["checks"]}


def test_all_is_well(
    imported: Path, embedded_redis_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """With a server that answers, everything is as it should be."""
    monkeypatch.setenv("TORITSUGI_REDIS_URL", embedded_redis_url)
    found = checks(capsys, 0)
    names = {"broker", "database", "migrations", "clock", "parking", "uncertain", "senders",
             "webhooks", "deliveries", "portals", "secrets", "products"}  # fmt: skip
    assert found == dict.fromkeys(names, True)
    assert imported.exists()


def test_a_parked_portal_is_told(imported: Path, capsys: Output) -> None:
    """Which portal nobody calls for now, until when by the operator's clock, and why."""
    store = open_store(f"sqlite:///{imported / 'toritsugi.db'}")
    sql = "INSERT INTO parkings (name, failures, code, parked_until) VALUES "
    at = 1_790_000_000_000
    store.write(lambda db: db.execute(text(f"{sql} ('onprem', 5, 'unreachable', {at})")))
    store.close()

    assert checks(capsys, 1)["parking"] is False
    assert run(["doctor"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "onprem until 09-21 23:13:20 (unreachable, 5 failures in a row)" in said


def test_what_is_missing_is_told_with_the_remedy(var: Path, capsys: Output) -> None:
    """Before the first start nothing is there yet; the doctor makes nothing."""
    assert checks(capsys, 1) == {
        "broker": False, "database": False, "portals": True, "secrets": False,
        "products": True,
    }  # fmt: skip
    assert run(["doctor"]) == 1
    said = capsys.readouterr().out
    assert said.count("WRONG") == 3
    assert said.count("toritsugi up") >= 3
    assert not (var / "toritsugi.db").exists()


def test_an_open_key_is_wrong(imported: Path, capsys: Output) -> None:
    """A key that others may read is told with the command that closes it."""
    (imported / "secrets.key").chmod(0o644)
    assert checks(capsys, 1)["secrets"] is False
    assert run(["doctor"]) == 1
    assert "chmod 600" in " ".join(capsys.readouterr().out.split())


def test_portals_are_asked(imported: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """A portal that answers is well; one that leads nowhere, or is not set, is not."""
    with SandboxServer() as sandbox:
        monkeypatch.setenv("TORITSUGI_OFFICE__URL", sandbox.bridge_url)
        monkeypatch.setenv("TORITSUGI_ONPREM__URL", "http://127.0.0.1:1/bridge")
        found = checks(capsys, 1)
    assert found["portal office"]
    assert not found["portal onprem"]
    assert not found["portal partner_portal"]
    assert imported.exists()


def test_settings_are_masked(var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """No password and no token stands in the settings that are printed."""
    monkeypatch.setenv("TORITSUGI_DATABASE_URL", "postgresql+psycopg://toritsugi:hunter2@db/t")
    monkeypatch.setenv("TORITSUGI_REDIS_URL", "redis://:hunter3@redis:6379")
    monkeypatch.setenv("TORITSUGI_OFFICE__TOKEN", "hunter4")
    assert run(["doctor", "--settings"]) == 0
    assert run(["doctor", "--settings", "--json"]) == 0
    assert "hunter" not in capsys.readouterr().out
    assert not var.exists()
