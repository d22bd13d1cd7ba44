"""Secrets are planted wherever one can stand, and searched for in all that anybody may read."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
import pika
import pytest
from cryptography.fernet import Fernet
from pika.exceptions import AMQPError
from pydantic import SecretStr

from adapters.outbound.past_events import past_events
from ledger import webhooks
from ledger.senders import Registration
from ledger.webhooks import Address
from ops import actions
from ops.__main__ import run
from ops.reading import read_directory_file
from ops.site import Site, child_settings, running
from tests import dovecot, mail_server
from tests.builders import AGENT, DIRECTORY, PARTNER, onprem_data
from tests.conftest import missing
from tests.driving import event
from tests.mail_server import MailServer
from tests.mailing import REQUEST, mail
from tests.rabbit import Node
from tests.receiver import SECRET, Receiver
from tests.workers.form import KEY, SEND, post, typed
from workers.bootstrap import read_settings

pytestmark = pytest.mark.timeout(300)

ACCESS_ID, CONTRACT_ID = "0911777333", "0922888444"
WRONG_IDS = {"access_id": "0933555111", "contract_id": "0944666222"}
"""Those of no contract in the directory."""
IDS = {"access_id": ACCESS_ID, "contract_id": CONTRACT_ID}
PROSE_IDS = ("0955444333", "0966333222")
PROSE = f"アクセスID：{PROSE_IDS[0]} です。Contract ID is {PROSE_IDS[1]}."
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"marked-secret-of-our-webhooks").decode()
ADDRESS_TOKEN = "marked-address-token"
AMQP_PASSWORD = "marked-password-of-rabbitmq"
FERNET = Fernet.generate_key().decode()
SEALED = {
    ACCESS_ID, CONTRACT_ID, *WRONG_IDS.values(), WEBHOOK_SECRET, SECRET, FERNET,
    dovecot.PASSWORD, mail_server.PASSWORD, AMQP_PASSWORD,
}  # fmt: skip
MARKS = SEALED | {*PROSE_IDS, ADDRESS_TOKEN}
"""What stands in a request as its sender wrote it is in the database, and shown to nobody."""
LOOKS, LOOK_S = 900, 0.1
COMMANDS = (
    "requests list", "events list", "quarantine list", "senders list", "webhooks list",
    "deliveries list", "ledger balance", "ledger entries", "directory show", "directory export",
    "doctor", "doctor --settings", "reconcile",
)  # fmt: skip


@dataclass(slots=True)
class Heard:
    """All that somebody was told, by whom."""

    told: list[tuple[str, bytes]] = field(default_factory=list)

    def add(self, who: str, text: bytes | str) -> None:
        self.told.append((who, text.encode() if isinstance(text, str) else text))

    def answer(self, who: str, answer: httpx.Response) -> httpx.Response:
        self.add(who, str(answer.headers.raw) + answer.text)
        return answer

    def where(self, secret: str) -> set[str]:
        found = {who for who, text in self.told if secret.encode() in text}
        return found if secret in SEALED else {who for who in found if ".db" not in who}


@pytest.fixture(name="post_office")
def _post_office(smtp_server: MailServer) -> Iterator[dict[str, Any]]:
    """Run a mailbox beside the mail server; give both, and the settings that lead there."""
    if dovecot.find() is None:
        missing("dovecot")
    with dovecot.dovecot() as box:
        mailbox = {
            "host": "127.0.0.1", "port": box.port, "tls": False, "user": dovecot.USER,
            "password": dovecot.PASSWORD, "trusts": "mx.toritsugi.example", "poll_s": 0.2,
        }  # fmt: skip
        out = {
            "host": "127.0.0.1", "port": smtp_server.port, "security": "starttls",
            "ca_file": smtp_server.ca_file, "user": mail_server.USER,
            "password": mail_server.PASSWORD, "sender": f"Support <{dovecot.USER}>",
        }  # fmt: skip
        yield {"mailbox": mailbox, "smtp": out, "box": box, "server": smtp_server}


@contextmanager
def started(tmp_path: Path, **settings: Any) -> Iterator[Site]:
    """Start everything, with contracts whose ids are marked too."""
    var = tmp_path / "var"
    var.mkdir()
    told = read_settings(var=var, http_port=0, secrets_key=SecretStr(FERNET), **settings)
    file = tmp_path / "directory.yaml"
    file.write_text(DIRECTORY.replace("0230242323", ACCESS_ID).replace("0012345678", CONTRACT_ID))
    with running(told, threading.Event(), simulated=True) as site:
        actions.import_directory(site.app, read_directory_file(file), who="test")
        yield site


def request(**more: Any) -> dict[str, Any]:
    """Give a request's data with both ids as fields and in its prose."""
    return {**onprem_data(contract=None), **IDS, "description": PROSE, **more}


def add_webhook(site: Site, url: str) -> None:
    """Have every event sent there."""
    address, vault = Address(url, SECRET), site.app.vault
    site.app.store.write(lambda db: webhooks.add(db, vault, "all", address, [], []))


def send_by_http(site: Site, heard: Heard, key: str, webhook: str) -> None:
    """Send what is taken, what is refused, and what nobody can read."""
    with httpx.Client(base_url=site.http_url, trust_env=False, timeout=30) as http:
        own = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        reply = {"email": AGENT, "webhook": webhook}
        bodies = {
            "taken": orjson.dumps(request(reply_to=reply, title="by HTTP")),
            "refused": orjson.dumps(request(severity="Z")),
            "unreadable": orjson.dumps(request())[:-9],
        }
        for name, body in bodies.items():
            headers = {**own, "Idempotency-Key": name}
            heard.answer("HTTP", http.post("/v1/requests", content=body, headers=headers))
        heard.answer("HTTP", http.get("/openapi.json"))
        values = typed(contract=None, **IDS, description=PROSE, **SEND)
        # What lacks something is shown again to whoever typed it, prose and all.
        lacking = {**values, "title": "", "description": "DAG"}
        for sent in (lacking, values, values):
            page = heard.answer("form", post(http, {**sent, "key": KEY}))
            if page.is_redirect:
                heard.answer("form", http.get(page.headers["location"]))


def send_by_stream(site: Site) -> None:
    """Send the same on the stream."""
    bodies = (
        event(request(title="by stream"), "s1"),
        event(request(severity="Z"), "s2"),
        event(request(), "s3")[:-9],
    )
    for body in bodies:
        site.app.redis.xadd(site.app.requests_stream, {"event": body})


def send_by_queue(address: str) -> None:
    """Send the same to the queue, which is there as soon as it is read."""
    until(lambda: there(address), "nobody reads the queue")
    with closing(pika.BlockingConnection(pika.URLParameters(address))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        for body in (event(request(title="by queue"), "q1"), event(request(), "q2")[:-9]):
            channel.basic_publish("", "toritsugi.requests", body, mandatory=True)


def there(address: str) -> bool:
    """Whether the queue is read."""
    with closing(pika.BlockingConnection(pika.URLParameters(address))) as connection:
        try:
            connection.channel().queue_declare("toritsugi.requests", passive=True)
        except AMQPError:
            return False
        return True


def send_by_mail(box: dovecot.Dovecot) -> None:
    """Have a mail with ids come, one that lacks something, and one from nobody."""
    text = REQUEST.replace("契約： gold-2026", f"アクセスID： {ACCESS_ID}\n契約ID： {CONTRACT_ID}")
    lacking = f"件名： 止まりました\n内容：\n{PROSE}\n"
    box.deliver(mail(text + PROSE), mail(lacking, number="m2"), mail(number="m3", sender="x@y.z"))


def send_files(heard: Heard, folder: Path, told: pytest.CaptureFixture[str]) -> None:
    """Submit files, and have one decided on paper."""
    (folder / "f1.json").write_bytes(event(request(title="by file", **WRONG_IDS), "f1"))
    (folder / "f2.csv").write_text(
        "id,partner,agent,product,title,access_id,contract_id\n"
        f"f2,{PARTNER},{AGENT},exchange-server/se,by file,{ACCESS_ID},{CONTRACT_ID}\n"
    )
    (folder / "f3.json").write_bytes(event(request(severity="Z"), "f3"))
    command(heard, f"submit {folder}/f1.json {folder}/f2.csv {folder}/f3.json", told)
    command(heard, f"explain {folder}/f1.json", told)


def command(heard: Heard, words: str, told: pytest.CaptureFixture[str]) -> None:
    """Run a command as a person does, for people and for machines."""
    for more in ([], ["--json"]):
        status = run([*words.split(), *more])
        said = told.readouterr()
        heard.add(f"toritsugi {words}", said.out + said.err)
        assert status in {0, 1}, (words, said.err)


def until(what: Callable[[], bool], words: str) -> None:
    """Wait for it."""
    pause = threading.Event()
    for _ in range(LOOKS):
        if what():
            return
        pause.wait(LOOK_S)
    raise AssertionError(words)


def numbers(site: Site, sql: str) -> list[str]:
    """Give what an outsider's SQL finds."""
    return list(site.app.store.read(lambda db: db.exec_driver_sql(sql).scalars()))


def rests(site: Site) -> bool:
    """Whether nothing is left to do: nothing due, nothing to be published or carried."""
    busy = (
        "SELECT id FROM requests WHERE due_at IS NOT NULL AND state <> 'held'",
        "SELECT id FROM outbox WHERE published_at IS NULL OR routed_at IS NULL",
        "SELECT receiver FROM deliveries WHERE ended_at IS NULL",
        "SELECT id FROM mails WHERE state = 'kept' AND way = 'in'",
    )
    return not any(numbers(site, sql) for sql in busy)


def lose(rabbit: Node, site: Site, heard: Heard, told: pytest.CaptureFixture[str]) -> None:
    """Hear what is said of a server that is away while there is something for it."""
    log = site.settings.var / "log" / "toritsugi.jsonl"
    rabbit.kill()
    try:
        send_by_stream(site)
        command(heard, "doctor", told)
        until(lambda: b"clock.away" in log.read_bytes(), "nobody misses the server")
    finally:
        rabbit.start()


def ask_everything(site: Site, heard: Heard, told: pytest.CaptureFixture[str]) -> None:
    """Have every command and page tell what it knows."""
    for words in COMMANDS:
        command(heard, words, told)
    for number in numbers(site, "SELECT id FROM requests"):
        command(heard, f"requests show {number}", told)
        with httpx.Client(trust_env=False) as http:
            heard.answer("HTTP", http.get(f"{site.http_url}/v1/requests/{number}"))
    for kept in numbers(site, "SELECT id FROM quarantine"):
        command(heard, f"quarantine show {kept}", told)


def collect(site: Site, heard: Heard, var: Path) -> None:
    """Take in every file that was written, and every event."""
    for told in past_events(site.app.redis, site.app.events_stream):
        heard.add("event", told)
    for path in var.rglob("*"):
        if path.is_file() and not {"redis", "sandbox"} & {*path.parts}:
            heard.add(str(path.relative_to(var)), path.read_bytes())


def test_no_secret_is_ever_told(
    tmp_path: Path,
    post_office: dict[str, Any],
    rabbit: Node,
    vhost: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ids, keys, passwords and address tokens: in no log, page, mail, event, file or answer."""
    heard = Heard()
    amqp_url = rabbit.let_in("marked", vhost, AMQP_PASSWORD)
    ways = {"mailbox": post_office["mailbox"], "smtp": post_office["smtp"], "amqp_url": amqp_url}
    with (
        Receiver() as receiver,
        started(
            tmp_path,
            webhook_secret=SecretStr(WEBHOOK_SECRET),
            webhook_hosts=("127.0.0.1",),
            **ways,
        ) as site,
    ):
        desk = Registration("desk", "urn:desk", (PARTNER,), "test")
        signer = Registration("signer", "urn:signer", (PARTNER,), "test")
        key = actions.add_sender(site.app, desk, signs=False).key or ""
        secret = actions.add_sender(site.app, signer, signs=True).secret or ""
        add_webhook(site, receiver.url)
        for name, value in {**child_settings(site.settings), "COLUMNS": "200"}.items():
            monkeypatch.setenv(name, value)

        send_by_http(site, heard, key, receiver.url)
        send_by_stream(site)
        send_by_queue(amqp_url)
        send_by_mail(post_office["box"])
        send_files(heard, tmp_path, capsys)
        until(lambda: len(numbers(site, "SELECT id FROM requests")) >= 8, "not all were taken")
        until(lambda: rests(site), "still busy")

        ask_everything(site, heard, capsys)
        lose(rabbit, site, heard, capsys)
        collect(site, heard, tmp_path / "var")
        for came in receiver.came:
            heard.add("webhook", f"{came.headers}".encode() + came.body)
        for letter in post_office["server"].arrived():
            heard.add("mail", letter)

    kinds = {who.partition(" ")[0] for who, _ in heard.told}
    assert kinds >= {"HTTP", "form", "event", "webhook", "mail", "toritsugi", "log/toritsugi.jsonl"}
    found = {one: where for one in {*MARKS, key, secret} if (where := heard.where(one))}
    assert found == {}
