"""Hands finished mails to the operator's mail server, one connection for many.

Never changes a mail, never decides who gets one, and never speaks in clear beyond this machine. A
mail whose answer was lost may have been taken: the caller sends the same bytes again, under the
same Message-ID.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from adapters.errors import Refused, TryLater
from adapters.loopback import is_loopback
from contracts.redaction import redact_text

Security = Literal["starttls", "tls", "none"]
WAIT_S = 30.0
TURN_S = 20.0
JUDGING_S = 40.0
"""How long a server may look at a whole mail before it answers; many look for viruses then."""
LONGEST_REPLY = 300
FINE = 2
PERMANENT = 500
GOING = 421
GO_ON = 354


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the mail server is, and how we prove ourselves; `token` gives a fresh OAuth2 token."""

    host: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    ca_file: str | None = None
    name: str = "localhost"
    """How we greet. Asking the system for its name may ask a name server, and take long."""
    timeout_s: float = 15.0

    def __post_init__(self) -> None:
        """Raise `ValueError` for a connection in clear to another machine."""
        if self.security == "none" and not is_loopback(f"//{bracketed(self.host)}"):
            raise ValueError("without TLS mails go to a server on this machine only")


class Smtp:
    """Sends one mail at a time; threads wait for each other."""

    def __init__(self, server: MailServer, *, heard: Callable[[], None] = lambda: None) -> None:
        """`heard` is called once the server has answered for a mail, before anybody reads it."""
        self._server = server
        self._heard = heard
        self._open: smtplib.SMTP | None = None
        self._turn = threading.Lock()

    def send(self, raw: bytes, sender: str, receiver: str) -> None:
        """Send the mail to one receiver; return when the server has taken it.

        Raises `TryLater` (the server or the way to it is not well, or the answer was lost) and
        `Refused` (it will not take this mail, or not for this receiver).
        """
        if not self._turn.acquire(timeout=TURN_S):
            raise TryLater("smtp_busy", "other mails take their time", after_s=WAIT_S)
        try:
            self._carry(self._connection(), raw, sender, receiver)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise _away(error) from None
        finally:
            self._turn.release()

    def hello(self) -> str:
        """Connect, greet, sign in if there is a user, and leave; give the server's greeting name.

        Sends nothing. Raises as `send` does.
        """
        with self._turn:
            self._drop()
            try:
                connection = self._connection()
                name = (connection.ehlo_resp or b"").decode("utf-8", "replace").split("\n")[0]
            except (OSError, smtplib.SMTPException) as error:
                raise _away(error) from None
            finally:
                self._drop()
        return _shown(name)

    def close(self) -> None:
        with self._turn:
            self._drop()

    # ---- One mail --------------------------------------------------------------------------------

    def _carry(self, server: smtplib.SMTP, raw: bytes, sender: str, receiver: str) -> None:
        if server.sock is not None:
            server.sock.settimeout(self._server.timeout_s)
        options = [] if receiver.isascii() and sender.isascii() else ["SMTPUTF8"]
        if options and not server.has_extn("smtputf8"):
            raise Refused("smtp_utf8", "the mail server takes no address beyond ASCII")
        # What is wrong with our own address or sign-in is no fault of this mail: it waits.
        _ours(*server.mail(sender, options))
        _theirs(*server.rcpt(receiver))
        code, words = server.docmd("DATA")
        if code != GO_ON:
            _theirs(code, words)
        server.send(_lines(raw))
        if server.sock is not None:
            server.sock.settimeout(JUDGING_S)
        code, words = server.getreply()
        self._heard()
        _theirs(code, words)

    # ---- The connection --------------------------------------------------------------------------

    def _connection(self) -> smtplib.SMTP:
        """Give the connection that is open, if its server still answers, else a new one."""
        if self._open is not None and not _answers(self._open):
            self._drop()
        if self._open is None:
            connection = self._connected()
            try:
                self._prove(connection)
            except BaseException:
                connection.close()
                raise
            self._open = connection
        return self._open

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.security != "tls":
            return smtplib.SMTP(
                server.host, server.port, local_hostname=server.name, timeout=server.timeout_s
            )
        return smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=server.name,
            timeout=server.timeout_s,
            context=self._trust(),
        )

    def _prove(self, connection: smtplib.SMTP) -> None:
        """Greet, go over to TLS if it has to be, and sign in if there is a user."""
        connection.ehlo_or_helo_if_needed()
        server = self._server
        if server.security == "starttls":
            if not connection.has_extn("starttls"):
                raise TryLater("smtp_no_tls", "the mail server offers no STARTTLS", after_s=WAIT_S)
            connection.starttls(context=self._trust())
            connection.ehlo()
        if server.user is not None and server.token is not None:
            bearer = f"user={server.user}\x01auth=Bearer {server.token()}\x01\x01"
            # A challenge after it holds the reason; an empty answer ends the attempt.
            connection.auth("XOAUTH2", lambda challenge=None: "" if challenge else bearer)
        elif server.user is not None and server.password is not None:
            connection.login(server.user, server.password)

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file)

    def _drop(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()


def bracketed(host: str) -> str:
    """Give the host as it stands in an address; IPv6 has brackets there."""
    return f"[{host}]" if ":" in host else host


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.rset()[0] // 100 == FINE
    except (OSError, smtplib.SMTPException):
        return False


def _lines(raw: bytes) -> bytes:
    """Give the mail as DATA takes it: CRLF, a dot doubled at the start of a line, the end mark."""
    lines = raw.replace(b"\r\n", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join(b"." * line.startswith(b".") + line + b"\r\n" for line in lines) + b".\r\n"


def _ours(code: int, words: bytes) -> None:
    """Judge an answer about our own side: whatever is wrong may be put right, so the mail waits."""
    if code // 100 != FINE:
        raise _later(code, words)


def _theirs(code: int, words: bytes) -> None:
    """Judge an answer about this mail or its receiver."""
    if code >= PERMANENT:
        raise Refused(f"smtp_{code}", _shown(words.decode("utf-8", "replace")), status=code)
    if code // 100 != FINE:
        raise _later(code, words)


def _later(code: int, words: bytes) -> TryLater:
    text = _shown(words.decode("utf-8", "replace"))
    return TryLater(f"smtp_{code}", text, after_s=WAIT_S, ill=code in {GOING, -1})


def _away(error: Exception) -> TryLater:
    """Say why there was no answer, or none that lets us go on; never the error's own secrets."""
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        return _later(error.smtp_code, reply if isinstance(reply, bytes) else reply.encode())
    if isinstance(error, ssl.SSLCertVerificationError):
        return TryLater("smtp_certificate", error.verify_message, after_s=WAIT_S, ill=True)
    return TryLater("smtp_away", type(error).__name__, after_s=WAIT_S, ill=True)


def _shown(text: str) -> str:
    return redact_text(" ".join(text.split()))[:LONGEST_REPLY]
