from __future__ import annotations

import socket
import ssl
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.errors import GONE, PortalError, Refused, TryLater
from adapters.outbound.public_hosts import PublicHosts
from adapters.outbound.webhook import Message, WebhookSender
from tests.adapters.scripted import HANG_UP, Say, ScriptedServer, answer, closed_port, head
from tests.receiver import HOST, SECRET, Receiver

BODY = '{"specversion":"1.0","id":"e1","data":{"title":"障害"}}'.encode()
TOKEN = "marked-address-token"


def clock() -> datetime:
    """Give the time, which a signature is checked against."""
    return datetime.now(UTC)  # noqa: TID251  (the receiver looks at its clock, too)


@contextmanager
def sender(
    timeout_s: float = 5.0,
    hosts: PublicHosts | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[WebhookSender]:
    """Give a sender that may call this machine."""
    found = WebhookSender(hosts or PublicHosts([HOST]), timeout_s=timeout_s, clock=clock, tls=tls)
    yield found
    found.close()


def sent(url: str, timeout_s: float = 5.0) -> PortalError | None:
    """Send once; give the error, which never names more of the address than its host."""
    found: PortalError | None = None
    with sender(timeout_s) as one:
        try:
            one.send(Message(f"{url}/hook?token={TOKEN}", SECRET, "e1", BODY))
        except (TryLater, Refused) as error:
            found = error
    shown = [] if found is None else [*traceback.format_exception(found), found.message]
    assert TOKEN not in "".join(shown).replace(__file__, "")
    return found


def test_an_event_is_signed() -> None:
    """Id, time and signature are as Standard Webhooks has them, the body is the event's bytes."""
    with Receiver() as receiver, sender() as one:
        one.send(Message(receiver.url, SECRET, "e1", BODY))
        one.send(Message(receiver.url, SECRET, "e1", BODY))
    first, second = receiver.came
    assert (first.id, second.id) == ("e1", "e1")
    assert first.event["data"]["title"] == "障害"
    assert first.body == BODY
    assert first.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert first.headers["host"] == f"{HOST}:{receiver.port}"
    assert first.path == f"/hook?token={TOKEN}"


def test_the_page_checks_what_is_sent() -> None:
    """What docs/webhooks.md gives to receivers takes what is ours, and nothing else."""
    page = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    example: dict[str, Any] = {}
    exec(page.partition("```python\n")[2].partition("```")[0], example)  # noqa: S102  (our page)
    with Receiver() as receiver, sender() as one:
        one.send(Message(receiver.url, SECRET, "e1", BODY))
    (came,) = receiver.came
    headers = dict(came.headers)
    stale = {**headers, "webhook-timestamp": "1700000000"}

    assert example["is_genuine"](SECRET, headers, came.body)
    assert not example["is_genuine"](SECRET, headers, came.body + b" ")
    assert not example["is_genuine"]("whsec_b3RoZXI=", headers, came.body)
    assert not example["is_genuine"](SECRET, stale, came.body)


def test_what_is_kept_shows_no_secret() -> None:
    """A message's own words hide address, secret and content."""
    assert repr(Message(f"https://x/?{TOKEN}", SECRET, "e1", BODY)) == "Message(id='e1')"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_taken(status: int) -> None:
    """The status alone counts, whatever stands in the answer."""
    with ScriptedServer(answer(status, "not even JSON" if status != 204 else None)) as server:
        assert sent(server.url) is None


def test_an_answer_that_breaks_off_is_an_answer() -> None:
    """Once the status is 2xx, the receiver has it."""
    broken = Say(head(200, {"Content-Length": "100"}) + b"half", hang_up=True)
    endless = Say(head(200, {"Content-Length": "10000000"}) + b"x" * 200_000, stall=True)
    with ScriptedServer(broken) as server:
        assert sent(server.url) is None
    with ScriptedServer(endless) as server:
        assert sent(server.url) is None


@pytest.mark.parametrize(
    ("say", "code", "ill"),
    [
        (answer(500), "http_500", True),
        (answer(404), "http_404", True),
        (answer(401), "http_401", True),
        (answer(400), "http_400", False),
        (answer(422), "http_422", False),
        (answer(429), "too_many_requests", True),
        (answer(503), "unavailable", True),
        (answer(302, None, Location="http://169.254.169.254/"), "redirected", True),
        (answer(307, None, Location="http://127.0.0.1:1/"), "redirected", True),
        (HANG_UP, "no_answer", True),
        (Say(b"nonsense\r\n\r\n"), "no_answer", True),
    ],
)
def test_what_is_not_taken_is_tried_later(say: Say, code: str, *, ill: bool) -> None:
    """A redirect is not followed; each code says what was met, and of whom it speaks."""
    with ScriptedServer(say) as server:
        error = sent(server.url)
        assert len(server.heard) == 1
    assert isinstance(error, TryLater)
    assert (error.code, error.ill, error.named) == (code, ill, False)


@pytest.mark.parametrize("status", [429, 503])
def test_a_named_time_is_taken(status: int) -> None:
    """`Retry-After` is what the receiver asks for, within a day."""
    with ScriptedServer(answer(status, None, Retry_After="120")) as server:
        error = sent(server.url)
    assert isinstance(error, TryLater)
    assert (error.named, error.after_s) == (True, 120)


def test_a_receiver_that_is_gone_says_so() -> None:
    """410 is for good."""
    with ScriptedServer(answer(410)) as server:
        error = sent(server.url)
    assert isinstance(error, Refused)
    assert error.code == GONE


def test_nobody_listens() -> None:
    """No connection: nothing was sent."""
    error = sent(closed_port())
    assert isinstance(error, TryLater)
    assert error.code == "unreachable"


def test_a_receiver_that_says_nothing() -> None:
    """Time is up at the end of it."""
    with ScriptedServer(Say(stall=True)) as server:
        error = sent(server.url, timeout_s=0.3)
    assert isinstance(error, TryLater)
    assert error.code == "no_answer"


def test_a_byte_now_and_then_gains_no_time() -> None:
    """A receiver that drips is cut off when the time for the whole call is over."""
    done = threading.Event()
    listener = socket.create_server((HOST, 0))

    def drip() -> None:
        line, _ = listener.accept()
        with line:
            line.recv(65536)
            try:
                while not done.wait(0.02):
                    line.send(b"H")
            except OSError:
                done.set()

    dripping = threading.Thread(target=drip)
    dripping.start()
    error = sent(f"http://{HOST}:{listener.getsockname()[1]}", timeout_s=0.5)
    done.set()
    dripping.join()
    listener.close()
    assert isinstance(error, TryLater)
    assert error.code == "no_answer"


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's proxies do not see what is sent, nor carry it inside."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, closed_port())
    with ScriptedServer(answer(204)) as server:
        assert sent(server.url) is None


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://hook.example/", Refused),
        ("https://127.0.0.1/", Refused),
        ("http://[::ffff:127.0.0.1]/", Refused),
        ("https://hook.example/", TryLater),
        ("https://2130706433/", TryLater),
    ],
)
def test_nothing_goes_within(url: str, kind: type[PortalError]) -> None:
    """What is or leads to an address within is not called: for good, or as long as it does."""
    hosts = PublicHosts((), lambda _host, _port: ["127.0.0.1"])
    with sender(hosts=hosts) as one, pytest.raises(kind) as caught:
        one.send(Message(url, SECRET, "e1", BODY))
    assert isinstance(caught.value, PortalError)
    assert caught.value.code == "address_refused"


def test_a_name_is_asked_for_once(tmp_path: Path) -> None:
    """The connection goes to the address that was looked at; TLS and Host keep the name."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    authority = Authority(tmp_path)
    with authority.serving("hook.example") as (port, names):
        hosts = PublicHosts([f"hook.example:{port}"], resolve)
        with sender(hosts=hosts, tls=authority.trusting()) as one:
            one.send(Message(f"https://hook.example:{port}/hook", SECRET, "e1", BODY))
        assert asked == ["hook.example"]
        assert names == ["hook.example", f"hook.example:{port}"]


def test_a_certificate_must_be_the_names(tmp_path: Path) -> None:
    """Whoever answers at the address must be who the name says."""
    authority = Authority(tmp_path)
    with authority.serving("other.example") as (port, _):
        hosts = PublicHosts([f"hook.example:{port}"], lambda _host, _port: ["127.0.0.1"])
        with sender(hosts=hosts, tls=authority.trusting()) as one, pytest.raises(TryLater):
            one.send(Message(f"https://hook.example:{port}/hook", SECRET, "e1", BODY))


class Authority:
    """Signs its own certificate for one name, and serves one request under it."""

    def __init__(self, folder: Path) -> None:
        self._certificate, self._key = folder / "certificate.pem", folder / "key.pem"

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._certificate))

    @contextmanager
    def serving(self, name: str) -> Iterator[tuple[int, list[str]]]:
        """Give port, and the names heard: in the TLS handshake, then in the Host header."""
        self._sign(name)
        heard: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate, self._key)
        context.sni_callback = lambda _line, found, _context: heard.append(str(found))
        listener = socket.create_server((HOST, 0))
        thread = threading.Thread(target=_answer_once, args=(listener, context, heard))
        thread.start()
        yield listener.getsockname()[1], heard
        thread.join()
        listener.close()

    def _sign(self, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = clock()
        signed = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        self._key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


def _answer_once(listener: socket.socket, context: ssl.SSLContext, heard: list[str]) -> None:
    line, _ = listener.accept()
    try:
        with context.wrap_socket(line, server_side=True) as secure:
            got = b""
            while not got.endswith(BODY):
                got += secure.recv(65536)
            heard.extend(
                one.partition(b":")[2].strip().decode()
                for one in got.split(b"\r\n")
                if one.lower().startswith(b"host:")
            )
            secure.sendall(b"HTTP/1.1 204 Taken\r\nConnection: close\r\n\r\n")
    except ssl.SSLError:
        line.close()


def test_receivers_that_are_silent_take_no_time_from_another() -> None:
    """However many there are, nobody waits in line for a connection behind them."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent, sender(20.0) as one:
        slow = Message(f"http://{HOST}:{silent.getsockname()[1]}/", SECRET, "e1", BODY)

        def send() -> None:
            with pytest.raises(TryLater):
                one.send(slow)

        threads = [threading.Thread(target=send) for _ in range(16)]
        for thread in threads:
            thread.start()
        silent.settimeout(5)
        lines = [silent.accept()[0] for _ in threads]
        with Receiver() as receiver:
            one.send(Message(receiver.url, SECRET, "e2", BODY))
        for line in lines:
            line.close()
        for thread in threads:
            thread.join()
    assert [came.id for came in receiver.came] == ["e2"]
