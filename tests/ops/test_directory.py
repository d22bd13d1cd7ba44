from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.inbound.event import parse_event
from contracts.directory import Directory
from contracts.directory_file import read_directory
from ledger import directory as ledger_directory
from ops import actions, directory_facts
from ops.__main__ import run
from ops.opening import opened
from tests.ops.conftest import SAMPLES
from workers.assess import assess

Output = pytest.CaptureFixture[str]


def sample_directory() -> Directory:
    """Read the sample directory."""
    return read_directory((SAMPLES / "directory.yaml").read_text(encoding="utf-8"))


def test_who_says_so_is_written_down(var: Path, capsys: Output) -> None:
    """The opening balances carry the name of whoever took the file in."""
    words = ["directory", "import", str(SAMPLES / "directory.yaml"), "--who", "suzuki", "--json"]
    assert run(words) == 0
    assert json.loads(capsys.readouterr().out) == {"partners": 5, "contracts": 4, "woken": 0}
    assert run(["ledger", "entries", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert {one["who"] for one in items} == {"suzuki"}
    assert var.exists()


def test_a_broken_file_changes_nothing(var: Path, tmp_path: Path, capsys: Output) -> None:
    """Every fault is listed with its line, and the good partners are not taken in either."""
    text = (SAMPLES / "directory.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(
        text.replace("type: csp_direct", "type: csp").replace("incidents: 20", "incidents: many")
    )
    assert run(["directory", "import", str(broken)]) == 2
    said = capsys.readouterr().err
    assert "partners[0].type" in said
    assert "partners[1].contracts[1].incidents" in said
    assert said.count("line ") == 2
    assert run(["ledger", "balance", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["items"] == []
    assert var.exists()


def test_another_encoding_is_told(var: Path, tmp_path: Path, capsys: Output) -> None:
    """A file in Shift_JIS is refused with what to do."""
    path = tmp_path / "sjis.yaml"
    path.write_bytes("partners: [] # 取次".encode("shift_jis"))
    assert run(["directory", "import", str(path)]) == 2
    assert "UTF-8" in capsys.readouterr().err
    assert not var.exists()


def test_paper_and_ledger_know_the_same(imported: Path) -> None:
    """What a file says of anyone, the ledger says once the file is taken in."""
    directory = sample_directory()
    asked = 0
    with opened() as app:
        for partner in (*directory.partners, None):
            agents = [agent.sign_in.upper() for agent in partner.agents] if partner else []
            customers = [one.tenant for one in partner.customers] if partner else []
            domains = [name for one in partner.customers for name in one.domains] if partner else []
            for agent in (*agents, "nobody@nowhere.example", None):
                for customer in (*customers, *domains, "nobody.example", None):
                    names = (partner.id if partner else "0", agent, customer)
                    on_paper = directory_facts.known(directory, app.vault.fingerprint, *names)
                    ledgers = app.store.read(
                        lambda db, names=names: ledger_directory.known(db, *names)  # type: ignore[misc]  # bound now
                    )
                    assert on_paper == ledgers, names
                    asked += 1
    assert asked > 50
    assert imported.exists()


def test_held_requests_are_woken(imported: Path) -> None:
    """A new directory makes its partners' held requests due for a decision again."""
    raw = (SAMPLES / "stream" / "dap-requested.json").read_bytes()
    with opened() as app:
        ((receipt,),) = actions.submit(app, parse_event(raw))
        assess(app, receipt.request or "")
        assert actions.import_directory(app, sample_directory(), who="test").woken == 1
    assert imported.exists()
