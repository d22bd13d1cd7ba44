"""How we sign in, and to whom, against a real server."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from typing_extensions import override

from adapters.inbound.imap import MailboxAway
from tests import dovecot
from tests.conftest import missing
from tests.dovecot import reach

TOKEN = "marked-token"


@pytest.fixture(autouse=True)
def _here() -> None:
    if dovecot.find() is None:
        missing("dovecot")


def certificate(path: Path) -> Path:
    """Write a key, and a certificate for this machine that nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime(2026, 1, 1, tzinfo=UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today)
        .not_valid_after(today + timedelta(days=36_500))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_tls_is_proven(tmp_path: Path) -> None:
    """A certificate that nobody vouches for is not believed; one that we are told of is."""
    file = certificate(tmp_path / "tls.pem")
    with dovecot.dovecot(certificate=file) as server:
        with closing(reach(server, port=server.tls_port, tls=True, ca_file=file)) as imap:
            assert imap.unseen() == []
        with pytest.raises(MailboxAway, match="SSLCert"):
            reach(server, port=server.tls_port, tls=True)


class _Tokens(BaseHTTPRequestHandler):
    """Says whose a token is."""

    def do_GET(self) -> None:
        known = f"={TOKEN}&" in self.path
        body = json.dumps({"active": known, "sub": dovecot.USER}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @override
    def log_message(self, *_: object) -> None:
        """Say nothing: a token stands in the line."""


@contextmanager
def tokens() -> Iterator[str]:
    """Run what the server asks for tokens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Tokens) as asked:
        threading.Thread(target=asked.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{asked.server_port}/?token="
        asked.shutdown()


def test_a_token_opens_the_mailbox() -> None:
    """By XOAUTH2; a token that is not known does not, and is in no error."""
    with tokens() as url, dovecot.dovecot(token_url=url) as server:
        with closing(reach(server, token=lambda: TOKEN)) as imap:
            assert imap.unseen() == []
        with pytest.raises(MailboxAway) as caught:
            reach(server, token=lambda: "another-token")
    assert "token" not in str(caught.value)


def test_a_token_that_nobody_gives_is_said() -> None:
    """What asks for it may fail; the mailbox is away then."""

    def none() -> str:
        raise MailboxAway("ClientAuthenticationError")

    with dovecot.dovecot() as server, pytest.raises(MailboxAway, match="ClientAuth"):
        reach(server, token=none)


def test_a_wrong_password_is_not_told() -> None:
    """The error says what happened, and nothing of what was tried."""
    with dovecot.dovecot() as server, pytest.raises(MailboxAway) as caught:
        reach(server, password="marked-secret")

    assert "marked-secret" not in repr(caught.value)


def test_nobody_answers() -> None:
    """A server that is not there is away."""
    with dovecot.dovecot() as server:
        server.stop()
        with pytest.raises(MailboxAway):
            reach(server)


def test_without_move_a_mail_is_copied_and_thrown_away() -> None:
    """A server that cannot move is asked to copy, and to throw away this one mail alone."""
    with dovecot.dovecot() as server:
        server.deliver(b"Subject: a\r\n\r\n", b"Subject: b\r\n\r\n")
        with closing(reach(server)) as imap:
            imap._can -= {"MOVE"}
            first, second = imap.unseen()
            imap._client.uid("STORE", second, "+FLAGS", r"(\Deleted)")
            imap.flag(first)
            assert imap.move(first, "Toritsugi/Done")
        assert [raw for raw, _ in server.held("Toritsugi/Done")] == [b"Subject: a\r\n\r\n"]
        assert [flags for _, flags in server.held()] == ["T"]
