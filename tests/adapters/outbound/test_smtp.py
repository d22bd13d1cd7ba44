from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from adapters.errors import Refused, TryLater
from adapters.outbound.smtp import MailServer, Smtp
from tests import mail_server
from tests.free_port import free_port

SENDER = "support@toritsugi.example"
RECEIVER = "sato@contoso.example"
MAIL = b"Subject: hello\r\nMessage-ID: <1@toritsugi.example>\r\n\r\nfirst\r\n.\r\n..dots\r\n"


def to(server: mail_server.MailServer, **changes: Any) -> Smtp:
    """Give a way to the test's server, in clear unless said otherwise."""
    given = {"host": "127.0.0.1", "port": server.port, "security": "none", **changes}
    return Smtp(MailServer(ca_file=server.ca_file, **given))


def test_a_mail_arrives_as_it_is(smtp_server: mail_server.MailServer) -> None:
    """The server has the mail's bytes, lines that begin with a dot among them."""
    with closing(to(smtp_server)) as smtp:
        smtp.send(MAIL, SENDER, RECEIVER)

    (arrived,) = smtp_server.wait(1)
    assert arrived.replace(b"\r\n", b"\n").endswith(b"\n\nfirst\n.\n..dots\n")
    assert b"Return-path: <support@toritsugi.example>" in arrived
    assert b"Envelope-to: sato@contoso.example" in arrived


def test_many_mails_share_a_connection(smtp_server: mail_server.MailServer) -> None:
    """A batch greets and signs in once."""
    greeted = smtp_server.log().count("A=plain")
    before = smtp_server.connections()
    with closing(to(smtp_server, user=mail_server.USER, password=mail_server.PASSWORD)) as smtp:
        for _ in range(3):
            smtp.send(MAIL, SENDER, RECEIVER)

    smtp_server.wait(3)
    assert smtp_server.log().count("A=plain") - greeted == 3
    assert smtp_server.connections() - before == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("by", ["password", "token"])
def test_it_signs_in_behind_tls(
    smtp_server: mail_server.MailServer, security: str, by: str
) -> None:
    """STARTTLS and implicit TLS, by password and by OAuth2 token."""
    token = {"token": lambda: mail_server.TOKEN}
    proof: dict[str, Any] = token if by == "token" else {"password": mail_server.PASSWORD}
    port = smtp_server.tls_port if security == "tls" else smtp_server.port
    with closing(
        to(smtp_server, security=security, port=port, user=mail_server.USER, **proof)
    ) as smtp:
        smtp.send(MAIL, SENDER, RECEIVER)

    (arrived,) = smtp_server.wait(1)
    assert b"with esmtpsa" in arrived


@pytest.mark.parametrize(
    "proof",
    [{"password": "wrong-secret"}, {"token": lambda: "wrong-secret"}],
    ids=["password", "token"],
)
def test_a_wrong_sign_in_waits(smtp_server: mail_server.MailServer, proof: dict[str, Any]) -> None:
    """Not to be let in is our fault, not the mail's: it is sent once that is put right."""
    with (
        closing(to(smtp_server, user=mail_server.USER, **proof)) as smtp,
        pytest.raises(TryLater) as found,
    ):
        smtp.send(MAIL, SENDER, RECEIVER)

    assert found.value.code == "smtp_535"
    assert "wrong-secret" not in str(found.value)


def test_a_stranger_s_certificate_is_not_trusted(smtp_server: mail_server.MailServer) -> None:
    """Nothing is said to a server that cannot prove whose it is."""
    with (
        closing(to(smtp_server, security="starttls")) as trusting,
        closing(
            Smtp(MailServer(host="127.0.0.1", port=smtp_server.port, security="starttls"))
        ) as smtp,
    ):
        assert trusting.hello().startswith("mx.toritsugi.example")
        with pytest.raises(TryLater) as found:
            smtp.send(MAIL, SENDER, RECEIVER)

    assert found.value.code == "smtp_certificate"


@pytest.mark.parametrize(
    ("sender", "receiver", "error", "code"),
    [
        (SENDER, "later@contoso.example", TryLater, "smtp_451"),
        (SENDER, "gone@contoso.example", Refused, "smtp_550"),
        ("x@forged.example", RECEIVER, TryLater, "smtp_550"),
    ],
)
def test_the_servers_word_decides(
    smtp_server: mail_server.MailServer,
    sender: str,
    receiver: str,
    error: type[Exception],
    code: str,
) -> None:
    """4xx waits, 5xx about the receiver gives up, 5xx about ourselves waits; the next one goes."""
    with closing(to(smtp_server)) as smtp:
        with pytest.raises(error) as found:
            smtp.send(MAIL, sender, receiver)
        smtp.send(MAIL, SENDER, RECEIVER)

    assert getattr(found.value, "code", None) == code
    assert len(smtp_server.wait(1)) == 1


def test_a_mail_that_is_too_large_is_refused(smtp_server: mail_server.MailServer) -> None:
    """Beyond the server's limit a mail is given up, not sent again and again."""
    with (
        closing(to(smtp_server)) as smtp,
        pytest.raises(Refused) as found,
    ):
        smtp.send(MAIL + b"x" * 2_000_000, SENDER, RECEIVER)

    assert found.value.code == "smtp_552"


def test_a_connection_that_broke_is_made_anew(smtp_server: mail_server.MailServer) -> None:
    """A server that was started anew between two mails costs nothing."""
    with closing(to(smtp_server)) as smtp:
        smtp.send(MAIL, SENDER, RECEIVER)
        assert smtp._open is not None
        assert smtp._open.sock is not None
        smtp._open.sock.shutdown(socket.SHUT_RDWR)
        smtp.send(MAIL, SENDER, RECEIVER)

    assert len(smtp_server.wait(2)) == 2


def test_a_server_that_is_away_is_tried_later() -> None:
    """Nobody listens, so the mail waits."""
    with (
        closing(Smtp(MailServer(host="127.0.0.1", port=free_port(), security="none"))) as smtp,
        pytest.raises(TryLater) as found,
    ):
        smtp.send(MAIL, SENDER, RECEIVER)

    assert (found.value.code, found.value.ill) == ("smtp_away", True)


@pytest.mark.parametrize("host", ["mx.toritsugi.example", "192.0.2.1", "2001:db8::1"])
def test_nothing_leaves_this_machine_in_clear(host: str) -> None:
    """Without TLS only loopback will do."""
    with pytest.raises(ValueError, match="without TLS"):
        MailServer(host=host, port=25, security="none")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_tls_may_be_left_out(host: str) -> None:
    """A relay beside us needs no certificate."""
    assert MailServer(host=host, port=25, security="none").host == host


def test_a_lost_answer_is_tried_later() -> None:
    """The server took the mail and went away before it said so: it may be sent again."""
    answers = [b"220 x ESMTP", b"250 x", b"250 ok", b"250 ok", b"354 go on"]
    with scripted(answers) as port:
        smtp = Smtp(MailServer(host="127.0.0.1", port=port, security="none"))
        with closing(smtp), pytest.raises(TryLater) as found:
            smtp.send(MAIL, SENDER, RECEIVER)

    assert found.value.code == "smtp_away"


def test_a_server_without_starttls_gets_nothing() -> None:
    """Whoever takes STARTTLS away learns neither mail nor password."""
    with scripted([b"220 x ESMTP", b"250 x"]) as port:
        smtp = Smtp(MailServer(host="127.0.0.1", port=port, user="u", password="p"))
        with closing(smtp), pytest.raises(TryLater) as found:
            smtp.send(MAIL, SENDER, RECEIVER)

    assert found.value.code == "smtp_no_tls"


def test_an_address_of_other_letters_needs_a_server_that_takes_it() -> None:
    """Without SMTPUTF8 there is no way to such a receiver."""
    with scripted([b"220 x ESMTP", b"250 x"]) as port:
        smtp = Smtp(MailServer(host="127.0.0.1", port=port, security="none"))
        with closing(smtp), pytest.raises(Refused) as found:
            smtp.send(MAIL, SENDER, "佐藤@contoso.example")

    assert found.value.code == "smtp_utf8"


@contextmanager
def scripted(answers: list[bytes]) -> Iterator[int]:
    """Run a server that gives these answers, one a command, and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                for number, answer in enumerate(answers):
                    if number and not lines.readline():
                        return
                    connection.sendall(answer + b"\r\n")
                while answers[-1].startswith(b"354") and lines.readline() not in (b".\r\n", b""):
                    pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(timeout=30)
