from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from adapters.inbound.event import parse_event
from contracts.directory import Directory
from contracts.directory_file import read_directory
from ledger import account
from ledger import directory as ledger_directory
from ledger.account import Change
from ledger.store import Connection
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
    assert json.loads(capsys.readouterr().out) == {
        "partners": 5, "contracts": 4, "woken": 0,
        "removed_agents": [], "removed_customers": [], "unused_incidents": [],
    }  # fmt: skip
    assert run(["ledger", "entries", "--json"]) == 0
    items = json.loads(capsys.readouterr().out)["items"]
    assert {one["who"] for one in items} == {"suzuki"}
    assert var.exists()


def test_what_the_file_does_not_show_is_said(
    imported: Path, tmp_path: Path, capsys: Output
) -> None:
    """Whom an import removes, and which number of incidents it leaves alone; nothing else."""
    text = (SAMPLES / "directory.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "changed.yaml"
    changed.write_text(
        text.replace("sign_in: sato@contoso.example", "sign_in: abe@contoso.example")
        .replace("tenant: tailspin.example", "tenant: proseware.example")
        .replace("incidents: 20", "incidents: 30"),
        encoding="utf-8",
    )
    assert run(["directory", "import", str(changed)]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "5 partners and 4 contracts taken in"
    said = " ".join(" ".join(rest).split())
    assert "agents removed, since the file has their partner without them: 4100001/sato@" in said
    assert "customers removed, since the file has their partner without them: 4100001/tail" in said
    assert "incidents: 30 of 4200002/gold-20 is not used: its account was opened with 20" in said
    assert said.count("is not used") == 1
    assert run(["directory", "import", str(changed)]) == 0
    assert "removed" not in capsys.readouterr().out
    assert imported.exists()


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
    assert not var.exists()


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


# ---- Given back ----------------------------------------------------------------------------------


def exported(capsys: Output, *words: str) -> str:
    """Export the directory; give the file."""
    assert run(["directory", "export", *words]) == 0
    return capsys.readouterr().out


def test_an_export_with_secrets_is_the_directory(imported: Path, capsys: Output) -> None:
    """What was taken in comes back whole, in the form in which it is taken in."""
    found = read_directory(exported(capsys, "--secrets"))
    wanted = sample_directory()
    assert {one.id for one in found.partners} == {one.id for one in wanted.partners}
    names = [one.id for one in found.partners]
    assert names == sorted(names)
    for partner in wanted.partners:
        (same,) = (one for one in found.partners if one.id == partner.id)
        assert set(same.contracts) == set(partner.contracts)
        assert set(same.customers) == set(partner.customers)
        assert set(same.agents) == set(partner.agents)
        assert same.model_dump(exclude={"agents", "customers", "contracts"}) == partner.model_dump(
            exclude={"agents", "customers", "contracts"}
        )
    assert imported.exists()


def test_importing_an_export_changes_nothing(
    imported: Path, tmp_path: Path, capsys: Output
) -> None:
    """A link made at first use and a balance that moved are still there afterwards."""
    with opened() as app:
        app.store.write(_move)
    text = exported(capsys, "--secrets")
    before = _state(capsys)
    (tmp_path / "export.yaml").write_text(text, encoding="utf-8")
    assert run(["directory", "import", str(tmp_path / "export.yaml")]) == 0
    capsys.readouterr()
    assert _state(capsys) == before
    assert exported(capsys, "--secrets") == text
    assert "17" in before
    assert imported.exists()


def _move(db: Connection) -> None:
    """Link another sign-in, and take three incidents off the account."""
    which = ledger_directory.contract_id("4200002", "gold-20")
    ledger_directory.link(db, "4200002", "tanaka@litware.example", which)
    account.add(db, Change("adjusted", which, "adjustment", -3, "test", "a correction"))


def _state(capsys: Output) -> str:
    """Give all that commands tell of directory and account."""
    for words in (["directory", "show"], ["ledger", "entries"], ["ledger", "balance"]):
        assert run([*words, "--json"]) == 0
    return capsys.readouterr().out


def test_an_export_is_masked(imported: Path, tmp_path: Path, capsys: Output) -> None:
    """Without --secrets no digit of an id is told, and the file is refused with its lines."""
    text = exported(capsys)
    clear = [
        secret.get_secret_value()
        for partner in sample_directory().partners
        for contract in partner.contracts
        for secret in (contract.access_id, contract.contract_id)
        if secret is not None
    ]
    assert clear
    assert not [secret for secret in clear if secret in text]
    assert text.count('access_id: "***"') == len(clear) // 2
    document = exported(capsys, "--json")
    assert json.loads(document)["partners"][1]["contracts"][0]["access_id"] == "***"
    (tmp_path / "masked.yaml").write_text(text, encoding="utf-8")
    assert run(["directory", "import", str(tmp_path / "masked.yaml")]) == 2
    lines = text.splitlines()
    first = next(at for at, one in enumerate(lines, 1) if "***" in one)
    said = capsys.readouterr().err
    assert f"line {first}, column" in said
    assert "access_id: is masked; export the directory with its secrets" in said
    assert imported.exists()


def test_who_takes_the_secrets_is_written_down(imported: Path, capsys: Output) -> None:
    """An export in clear leaves its mark in the event log; a masked one need not."""
    exported(capsys)
    document = json.loads(exported(capsys, "--secrets", "--who", "suzuki", "--json"))
    assert document["partners"][1]["contracts"][0]["access_id"].isdigit()
    log = (imported / "log" / "toritsugi.jsonl").read_text(encoding="utf-8").splitlines()
    events = [json.loads(one) for one in log]
    assert [one["who"] for one in events if one["event"] == "directory.exported"] == ["suzuki"]


def test_an_empty_directory_is_a_file_too(var: Path, capsys: Output) -> None:
    """Before the first import there is nothing to give back, and that can be read."""
    with opened(makes=True):
        pass
    assert read_directory(exported(capsys)).partners == ()
    assert run(["directory", "show"]) == 0
    assert "directory import" in capsys.readouterr().out
    assert var.exists()


# ---- Looked at -----------------------------------------------------------------------------------


def test_a_partner_is_shown_with_what_it_has(imported: Path, capsys: Output) -> None:
    """Agents with their roles, customers, contracts with balance and links, without a secret."""
    assert run(["directory", "show", "4200002", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["membership"] == "gold"
    assert {one["sign_in"]: one["roles"] for one in found["agents"]} == {
        "tanaka@litware.example": ["full_administration"],
        "yamada@litware.example": ["admin_agent"],
    }
    assert [one["delegated_admin"] for one in found["customers"]] == ["active"]
    gold = next(one for one in found["contracts"] if one["name"] == "gold-20")
    assert (gold["opening"], gold["balance"], gold["available"]) == (20, 20, 20)
    assert (gold["activation"], gold["expires_on"]) == ("active", "2099-12-31")
    assert gold["links"] == ["yamada@litware.example"]
    assert gold["has_ids"] is True
    assert "access_id" not in gold
    assert imported.exists()


@pytest.mark.parametrize("columns", ["80", "140"])
def test_tables_fit_the_screen(
    columns: str, imported: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Whatever is shown of the directory fits, and names everybody."""
    monkeypatch.setenv("COLUMNS", columns)
    assert run(["directory", "show"]) == 0
    every = capsys.readouterr().out
    assert all(one.id in every for one in sample_directory().partners)
    assert run(["directory", "show", "4200002"]) == 0
    one = capsys.readouterr().out
    assert all(word in one for word in ("tanaka@", "admin_agent", "adatum.example", "gold-20"))
    assert max(map(cell_len, (every + one).splitlines())) <= int(columns)
    assert imported.exists()


def test_a_partner_that_there_is_not(imported: Path, capsys: Output) -> None:
    """The answer is no, with the closest ids."""
    assert run(["directory", "show", "420002"]) == 1
    assert "did you mean 4200002" in capsys.readouterr().err
    assert imported.exists()
