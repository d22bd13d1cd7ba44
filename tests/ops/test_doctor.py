from __future__ import annotations

import json
from contextlib import closing
from functools import partial
from pathlib import Path

import pika
import pytest
import redis
from sqlalchemy import text

from ledger import leases
from ledger.store import open_store
from ops.__main__ import run
from sandbox.server import SandboxServer
from tests import dovecot, mail_server
from tests.conftest import missing
from tests.mail_server import MailServer
from workers.processes import PROCESSES

Output = pytest.CaptureFixture[str]


def checks(capsys: Output, status: int) -> dict[str, bool]:
    """Ask the doctor; give what each check says."""
    assert run(["doctor", "--json"]) == status
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is (status == 0)
    return {one["name"]: one["ok"] for one in document["checks"]}


def shows_that_it_runs(var: Path, *kinds: str) -> None:
    """Leave a sign of life of a process of each kind."""
    with closing(open_store(f"sqlite:///{var / 'toritsugi.db'}")) as store:
        for kind in kinds:
            store.write(partial(leases.beat, owner=f"{kind}@here:1:a", life_s=60))


def test_all_is_well(
    imported: Path, embedded_redis_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """With a server that answers and processes that run, everything is as it should be."""
    shows_that_it_runs(imported, *PROCESSES)
    monkeypatch.setenv("TORITSUGI_REDIS_URL", embedded_redis_url)
    found = checks(capsys, 0)
    names = {"broker", "events stream", "database", "migrations", "clock", "processes", "parking",
             "uncertain", "senders", "webhooks", "deliveries", "portals", "smtp", "secrets",
             "products"}  # fmt: skip
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
    assert "onprem until 09-21 23:13:20 JST (unreachable, 5 failures in a row)" in said


def test_what_does_not_run_is_told(imported: Path, capsys: Output) -> None:
    """Which kinds of process run nowhere, how many of the others do, and the remedy."""
    assert run(["doctor"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "WRONG processes: no web, no intake, no worker, no clock → toritsugi up runs" in said
    shows_that_it_runs(imported, "web", "clock", "worker")
    assert checks(capsys, 1)["processes"] is False
    run(["doctor"])
    said = " ".join(capsys.readouterr().out.split())
    assert "WRONG processes: 1 web, 1 worker, 1 clock, no intake → toritsugi up runs" in said


def test_a_named_server_that_is_away_is_told(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """By its address without its password, and with the remedy for a server of one's own."""
    monkeypatch.setenv("TORITSUGI_REDIS_URL", "redis://me:s3cretword@127.0.0.1:1/0")
    assert run(["doctor"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "WRONG broker: 127.0.0.1:1 does not answer (ConnectionError) → see that it runs" in said
    assert "s3cretword" not in said
    assert not (var / "toritsugi.db").exists()


def test_what_is_missing_is_told_with_the_remedy(var: Path, capsys: Output) -> None:
    """Before the first start nothing is there yet; the doctor makes nothing."""
    assert checks(capsys, 1) == {
        "broker": False, "database": False, "portals": True, "smtp": True, "secrets": False,
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


def test_the_mail_server_is_greeted(
    imported: Path, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """It signs in and says who answers; nothing is sent."""
    told = {
        "HOST": "127.0.0.1",
        "PORT": str(smtp_server.port),
        "CA_FILE": smtp_server.ca_file,
        "USER": mail_server.USER,
        "PASSWORD": mail_server.PASSWORD,
        "SENDER": "Support <support@toritsugi.example>",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"TORITSUGI_SMTP__{name}", value)
    assert checks(capsys, 1)["smtp"]
    assert run(["doctor"]) == 1
    assert "answers as mx.toritsugi.example" in " ".join(capsys.readouterr().out.split())
    monkeypatch.setenv("TORITSUGI_SMTP__PASSWORD", "hunter5")
    assert not checks(capsys, 1)["smtp"]
    assert run(["doctor"]) == 1
    said = capsys.readouterr().out
    assert "smtp_535" in said
    assert "hunter5" not in said
    assert imported.exists()
    assert smtp_server.arrived() == []


def test_half_a_mail_server_is_refused(
    var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """A way out that would keep every answer waiting is told before anything starts."""
    monkeypatch.setenv("TORITSUGI_SMTP__HOST", "mx.example.com")
    faults = {
        "TORITSUGI_SMTP: needs TORITSUGI_SMTP__SENDER": {"SENDER": "nobody"},
        "only on this machine": {"SENDER": "a@b.example", "SECURITY": "none"},
        "needs USER": {"SECURITY": "tls", "PASSWORD": "hunter6"},
        "either PASSWORD or OAUTH": {"USER": "u", "PASSWORD": ""},
    }
    for words, told in faults.items():
        for name, value in told.items():
            if value:
                monkeypatch.setenv(f"TORITSUGI_SMTP__{name}", value)
            else:
                monkeypatch.delenv(f"TORITSUGI_SMTP__{name}")
        assert run(["doctor"]) == 2
        said = capsys.readouterr()
        assert "Value error" not in said.err
        assert words in " ".join(said.err.split())
        assert "hunter6" not in said.err + said.out
    assert not var.exists() or not (var / "toritsugi.db").exists()


def test_settings_are_masked(var: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """No password and no token stands in the settings that are printed."""
    monkeypatch.setenv("TORITSUGI_DATABASE_URL", "postgresql+psycopg://toritsugi:hunter2@db/t")
    monkeypatch.setenv("TORITSUGI_REDIS_URL", "redis://:hunter3@redis:6379")
    monkeypatch.setenv("TORITSUGI_OFFICE__TOKEN", "hunter4")
    assert run(["doctor", "--settings"]) == 0
    assert run(["doctor", "--settings", "--json"]) == 0
    assert "hunter" not in capsys.readouterr().out
    assert not var.exists()


def test_a_group_that_nobody_reads_for_is_told(
    imported: Path, embedded_redis_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Which group keeps old events on the stream, and the command that ends it."""
    assert imported.exists()
    monkeypatch.setenv("TORITSUGI_REDIS_URL", embedded_redis_url)
    with redis.Redis.from_url(embedded_redis_url) as server:
        server.xadd("toritsugi:events", {"event": "{}"}, id="1-1")
        server.xgroup_create("toritsugi:events", "dead", id="0")

    assert checks(capsys, 1)["events stream"] is False
    assert run(["doctor"]) == 1
    assert "XGROUP DESTROY toritsugi:events dead" in " ".join(capsys.readouterr().out.split())


@pytest.mark.rabbitmq
def test_rabbitmq_is_looked_at(
    imported: Path,
    embedded_redis_url: str,
    amqp_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Output,
) -> None:
    """Queues that are not there, of the wrong kind, and read by nobody; nothing is made."""
    assert imported.exists()
    monkeypatch.setenv("TORITSUGI_REDIS_URL", embedded_redis_url)
    monkeypatch.setenv("TORITSUGI_AMQP_URL", amqp_url)
    with closing(pika.BlockingConnection(pika.URLParameters(amqp_url))) as connection:
        channel = connection.channel()
        channel.queue_declare("toritsugi.requests", durable=True)
        quorum = {"x-queue-type": "quorum"}
        channel.queue_declare("toritsugi.hints.azure", durable=True, arguments=quorum)

    found = checks(capsys, 1)
    assert (found["rabbitmq"], found["rabbitmq queues"]) == (True, False)
    assert found["rabbitmq exchange"] is False
    assert run(["doctor"]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "toritsugi.requests is of another kind than quorum" in said
    assert "toritsugi.hints.azure is read by nobody" in said
    assert "toritsugi.hints.onprem is not there" in said
    assert "guest:guest" not in said


def test_a_rabbitmq_that_is_away_is_told(
    imported: Path, embedded_redis_url: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Where it was looked for, and never with which password."""
    assert imported.exists()
    monkeypatch.setenv("TORITSUGI_REDIS_URL", embedded_redis_url)
    monkeypatch.setenv("TORITSUGI_AMQP_URL", "amqp://me:s3cretword@127.0.0.1:1/there")

    assert checks(capsys, 1)["rabbitmq"] is False
    assert run(["doctor"]) == 1
    assert "s3cretword" not in (said := capsys.readouterr().out)
    assert "127.0.0.1:1 there" in " ".join(said.split())
    assert run(["doctor", "--settings"]) == 0
    assert "s3cretword" not in capsys.readouterr().out


@pytest.mark.usefixtures("var")
def test_the_mailbox_is_opened(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Whether it opens, how many mails wait, and who is believed; nothing where none is set."""
    if dovecot.find() is None:
        missing("dovecot")
    with dovecot.dovecot() as server:
        server.deliver(b"Subject: a\r\n\r\n")
        told = {"HOST": "127.0.0.1", "TLS": "false", "PORT": str(server.port), "TRUSTS": "mx.x",
                "USER": dovecot.USER, "PASSWORD": dovecot.PASSWORD}  # fmt: skip
        for name, value in told.items():
            monkeypatch.setenv(f"TORITSUGI_MAILBOX__{name}", value)
        run(["doctor"])
        said = " ".join(capsys.readouterr().out.split())
        assert "INBOX at 127.0.0.1 opens, 1 mails wait; believes mx.x" in said
        server.stop()
        assert checks(capsys, 1)["mailbox"] is False
