from __future__ import annotations

import json
from pathlib import Path

import pytest

from ops.__main__ import run
from tests.ops.test_doctor import checks
from workers.bootstrap import SettingsError, build, read_settings

Output = pytest.CaptureFixture[str]
ADD = ["senders", "add", "desk", "--partner", "4100001"]


def test_a_key_is_shown_once(imported: Path, capsys: Output) -> None:
    """With the Redis line that holds only its hash; no list and no log shows it again."""
    assert run([*ADD, "--who", "sato", "--json"]) == 0
    added = json.loads(capsys.readouterr().out)
    assert run(["senders", "list", "--json"]) == 0
    listed = capsys.readouterr().out

    assert added["api_key"].startswith("tsk_")
    assert added["redis_acl"].startswith("ACL SETUSER desk reset on #")
    assert added["stream"] == "toritsugi:requests:desk"
    assert json.loads(listed)["items"][0]["source"] == "urn:toritsugi:sender:desk"
    logs = (imported / "log" / "toritsugi.jsonl").read_text()
    assert "sender.added" in logs
    assert added["api_key"] not in added["redis_acl"] + listed + logs


def test_a_signing_sender_gets_a_secret(imported: Path, capsys: Output) -> None:
    """In place of a key, as Standard Webhooks writes it; people see it on a line of its own."""
    assert run([*ADD, "--signs", "--source", "urn:desk"]) == 0
    assert "shown this once: whsec_" in capsys.readouterr().out
    assert run(["senders", "list"]) == 0
    shown = capsys.readouterr().out
    assert "urn:desk" in shown
    assert "whsec_" not in shown
    assert imported.exists()


def test_a_revoked_sender_is_listed_as_such(imported: Path, capsys: Output) -> None:
    """Once, with who and why, until it is let in again; a second time is refused."""
    assert run(ADD) == 0
    word = ["--why", "its key was in a mail", "--who", "sato"]
    assert run(["senders", "revoke", "desk", *word]) == 0
    capsys.readouterr()
    assert run(["senders", "list", "--json"]) == 0
    (desk,) = json.loads(capsys.readouterr().out)["items"]
    assert desk["revoked_at"]
    assert (desk["revoked_by"], desk["revoked_why"]) == ("sato", "its key was in a mail")
    assert run(["senders", "list"]) == 0
    said = capsys.readouterr().out.split()
    assert {"key", "mail", "(sato)", "Asia/Tokyo"} <= set(said)
    assert run(["senders", "revoke", "desk", "--why", "again"]) == 1
    assert "revoked before" in capsys.readouterr().err
    assert run(ADD) == 0
    capsys.readouterr()
    assert run(["senders", "list"]) == 0
    assert "sato" not in capsys.readouterr().out
    assert imported.exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["senders", "add", "No Name", "--partner", "4100001"], 2, "small letters"),
        (["senders", "add", "desk"], 2, "--partner"),
        (["senders", "add", "desk", "--partner", "1"], 1, "is in no directory here"),
        ([*ADD, "--source", " "], 2, "--source is empty"),
        (["senders", "revoke", "nobody", "--why", "so"], 1, "no sender nobody"),
    ],
    ids=["name", "no partner", "foreign partner", "source", "unknown"],
)
def test_what_is_wrong_is_said(
    imported: Path, capsys: Output, words: list[str], status: int, says: str
) -> None:
    """In one sentence that says what to do."""
    assert run(words) == status
    assert says in capsys.readouterr().err
    assert imported.exists()


def test_nobody_listens_elsewhere_unasked(
    imported: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Reached from elsewhere, HTTP starts once a sender is registered, or somebody said who may."""
    monkeypatch.setenv("TORITSUGI_HTTP_HOST", "0.0.0.0")  # noqa: S104  (not listened on)
    with pytest.raises(SettingsError, match="toritsugi senders add"):
        build(read_settings(), "web")
    assert checks(capsys, 1)["senders"] is False
    assert run(ADD) == 0
    app = build(read_settings(), "web")
    assert app.registered
    app.close()
    capsys.readouterr()
    assert checks(capsys, 1)["senders"] is True
    assert imported.exists()


@pytest.mark.parametrize(("said", "registered"), [("open", False), ("registered", True)])
def test_what_is_set_is_in_force(
    imported: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, said: str, *, registered: bool
) -> None:
    """Wherever it listens; the doctor says which, and complains where nobody could send."""
    monkeypatch.setenv("TORITSUGI_HTTP_HOST", "0.0.0.0")  # noqa: S104  (not listened on)
    monkeypatch.setenv("TORITSUGI_SENDERS", said)
    app = build(read_settings(), "web")
    assert app.registered is registered
    app.close()
    assert checks(capsys, 1)["senders"] is not registered
    assert imported.exists()
