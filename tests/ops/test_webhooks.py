from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from ops.__main__ import run
from ops.opening import opened
from tests.ops.conftest import SAMPLES
from tests.receiver import HOST, PATH, Receiver
from workers.deliver import Deliverer
from workers.route import route

Output = pytest.CaptureFixture[str]
WHY = ["--why", "they asked for it", "--who", "sato"]
TOKEN = PATH.rpartition("=")[2]


@pytest.fixture
def receiver(imported: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """Give a receiver on this machine, which the settings allow."""
    assert imported.exists()
    monkeypatch.setenv("TORITSUGI_WEBHOOK_HOSTS", json.dumps([HOST]))
    with Receiver() as found:
        yield found


def answered(capsys: Output, *words: str, status: int = 0) -> dict[str, Any]:
    """Give the document of a command."""
    capsys.readouterr()
    assert run([*words, "--json"]) == status
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def well(capsys: Output, name: str) -> bool:
    """Give what the doctor says."""
    capsys.readouterr()
    run(["doctor", "--json"])
    found = {one["name"]: one["ok"] for one in json.loads(capsys.readouterr().out)["checks"]}
    ok: bool = found[name]
    return ok


def submitted() -> None:
    """Submit a request, and carry what is told of it."""
    assert run(["submit", str(SAMPLES / "files" / "exchange-queue.json")]) == 0
    carried()


def carried() -> None:
    """Carry what is due."""
    with opened(delivers=True) as app:
        route(app)
        deliverer = Deliverer(app)
        while deliverer.round():
            deliverer.until_idle()


def test_a_webhook_is_added_and_tried(receiver: Receiver, capsys: Output) -> None:
    """Its secret is shown once, and checks what comes; no list and no log shows it again."""
    types = ["--type", "request.accepted", "--partner", "4100001"]
    added = answered(capsys, "webhooks", "add", "crm", receiver.url, *types)
    assert answered(capsys, "webhooks", "test", "crm")["webhook"] == "crm"
    (came,) = receiver.came
    event = Webhook(added["signing_secret"]).verify(came.body, dict(came.headers))
    assert event["type"] == "toritsugi.webhook.test.v1"
    assert event["data"]["webhook"] == "crm"

    listed = json.dumps(answered(capsys, "webhooks", "list"))
    assert run(["webhooks", "list"]) == 0
    shown = capsys.readouterr().out
    assert "request.accepted" in shown
    with opened() as app:
        logs = (
            Path(app.store.engine.url.database or "").parent / "log" / "toritsugi.jsonl"
        ).read_text()
    assert "webhook.added" in logs
    seen = listed + shown + logs
    assert [one for one in (added["signing_secret"], TOKEN) if one in seen] == []


def test_a_webhook_that_does_not_take_it(receiver: Receiver, capsys: Output) -> None:
    """The trial says what was met, and ends with status 1."""
    assert run(["webhooks", "add", "crm", receiver.url]) == 0
    assert "shown this once: whsec_" in capsys.readouterr().out
    receiver.status = 500
    assert run(["webhooks", "test", "crm"]) == 1
    said = capsys.readouterr().err
    assert "crm did not take it: The receiver answered HTTP 500." in said
    assert f"this shell's TORITSUGI_WEBHOOK_HOSTS ({HOST})" in said
    receiver.status = 204
    assert run(["webhooks", "test", "crm"]) == 0
    assert f"this shell's TORITSUGI_WEBHOOK_HOSTS ({HOST})" in " ".join(
        capsys.readouterr().out.split()
    )


def test_the_doctor_advises_by_what_is_wrong(receiver: Receiver, capsys: Output) -> None:
    """Only what is disabled is to be enabled; what fails is tried again by itself."""

    def advice() -> str:
        run(["doctor"])
        said = " ".join(capsys.readouterr().out.split())
        return said.partition("webhooks: 1 registered")[2].partition("deliveries:")[0]

    assert run(["webhooks", "add", "crm", receiver.url]) == 0
    receiver.status = 500
    submitted()
    assert "failing: crm" in (said := advice())
    assert "tried again by itself" in said
    assert "enable" not in said
    assert run(["webhooks", "disable", "crm", *WHY]) == 0
    assert "disabled: crm" in (said := advice())
    assert "toritsugi webhooks enable NAME --why TEXT" in said
    assert "by itself" not in said


def test_gone_enabled_and_removed(receiver: Receiver, capsys: Output) -> None:
    """410 disables it, the doctor says so, and enabling it sends what waits."""
    assert run(["webhooks", "add", "crm", receiver.url]) == 0
    receiver.status = 410
    submitted()
    (hook,) = answered(capsys, "webhooks", "list")["items"]
    assert hook["disabled_at"]
    assert not well(capsys, "webhooks")

    receiver.status = 204
    assert answered(capsys, "webhooks", "enable", "crm", *WHY)["deliveries"] == 1
    carried()
    assert len(receiver.came) == 2
    assert well(capsys, "webhooks")
    assert answered(capsys, "webhooks", "disable", "crm", *WHY)["disabled"]
    assert answered(capsys, "webhooks", "remove", "crm", *WHY)["dropped"] == 0
    assert answered(capsys, "webhooks", "list")["items"] == []


def test_what_was_given_up_is_listed_and_tried_again(receiver: Receiver, capsys: Output) -> None:
    """By receiver, or by number; the doctor speaks of it until then."""
    assert run(["webhooks", "add", "crm", receiver.url]) == 0
    receiver.status = 500
    submitted()
    for _ in range(9):
        with opened() as app:
            app.store.write(
                lambda db: db.exec_driver_sql("UPDATE deliveries SET due_at = 1 WHERE due_at > 1")
            )
        carried()
    (line,) = answered(capsys, "deliveries", "list", "--state", "given_up")["items"]
    assert (line["receiver"], line["attempts"], line["code"]) == ("hook:crm", 10, "http_500")
    assert not well(capsys, "deliveries")
    assert run(["deliveries", "list"]) == 0
    assert "given_up" in capsys.readouterr().out

    receiver.status = 204
    words = ["deliveries", "retry", *WHY]
    assert answered(capsys, *words, "--receiver", "hook:other")["deliveries"] == 0
    assert answered(capsys, *words, str(line["number"]))["deliveries"] == 1
    carried()
    (line,) = answered(capsys, "deliveries", "list")["items"]
    assert line["state"] == "sent"
    assert well(capsys, "deliveries")


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["webhooks", "add", "No Name", "https://hook.example/"], 2, "small letters"),
        (["webhooks", "add", "crm", "http://hook.example/"], 2, "use https"),
        (["webhooks", "add", "crm", "https://10.0.0.1/"], 2, "TORITSUGI_WEBHOOK_HOSTS"),
        (["webhooks", "add", "crm", "https://hook.example/", "--type", "x"], 2, "no event x"),
        (["webhooks", "add", "there", "https://hook.example/"], 1, "registered already"),
        (["webhooks", "test", "crm"], 2, "there is no webhook crm"),
        (["webhooks", "enable", "crm", *WHY], 2, "there is no webhook crm"),
        (["webhooks", "remove", "crm"], 2, "--why"),
        (["deliveries", "list", "--state", "lost"], 2, "there is no lost"),
        (["deliveries", "retry", *WHY], 2, "name deliveries"),
    ],
)
def test_wrong_use_says_what_is_right(
    receiver: Receiver, words: list[str], status: int, says: str, capsys: Output
) -> None:
    """Each ends with its status and a sentence."""
    assert run(["webhooks", "add", "there", receiver.url]) == 0
    capsys.readouterr()
    assert run(words) == status
    assert says in capsys.readouterr().err
