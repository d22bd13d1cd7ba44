from __future__ import annotations

import pytest

from adapters.inbound.mail_envelope import Envelope, envelope_of, message_id_of
from adapters.inbound.mail_headers import taken_apart

FROM = "From: Sato <Sato@Contoso.example>"


def envelope(*lines: str, text: str = "x") -> Envelope:
    """Read a mail of these headers."""
    return envelope_of(taken_apart("\r\n".join([*lines, "", text]).encode()))


@pytest.mark.parametrize(
    ("line", "sender"),
    [
        (FROM, "sato@contoso.example"),
        ("From: sato@contoso.example", "sato@contoso.example"),
        ("from: =?iso-2022-jp?B?GyRCOjRGIxsoQg==?=\r\n <sato@contoso.example>",
         "sato@contoso.example"),
        ("From: Sato, Ichiro <sato@contoso.example>", "sato@contoso.example"),
        ('From: "eve@evil.example" <sato@contoso.example>', "sato@contoso.example"),
        ("From: eve@evil.example <sato@contoso.example>", None),
        ("From: <eve@evil.example> <sato@contoso.example>", None),
        ("From: sato@contoso.example, eve@evil.example", None),
        ("From: sato@contoso.example\r\nFrom: eve@evil.example", None),
        ("From: =?utf-8?Q?sato=40contoso.example?=", None),
        ("From: Sato", None),
        ("From:", None),
        ("Sender: sato@contoso.example", None),
    ],
)  # fmt: skip
def test_one_header_names_one_address(line: str, sender: str | None) -> None:
    """Whatever could be read in two ways names nobody."""
    assert envelope(line).sender == sender


def test_the_nearest_mail_of_a_thread_comes_first() -> None:
    """In-Reply-To, then References from the last to the first; empty names are none."""
    found = envelope(
        FROM,
        "Message-ID: <m@x.example>",
        "References: <a@x.example>\r\n\t<b@x.example> <>",
        "In-Reply-To: Your mail <c@x.example>",
    )

    assert found.message_id == "m@x.example"
    assert found.thread == ("c@x.example", "b@x.example", "a@x.example")
    assert envelope(FROM, "Message-ID: <>").message_id is None
    assert message_id_of(b"Message-ID: <m@x.example>\n\n\xff") == "m@x.example"


def test_numbers_in_the_subject() -> None:
    """Our numbers are found in any case, encoded or not, and nothing that only begins alike."""
    found = envelope(
        FROM, "Subject: Re: [TR-0123456789ABCDEF] tr-zzzzzzzzzzzzzzzz TR-1 TR-" + "A" * 20
    )

    assert found.numbers == ("TR-0123456789ABCDEF", "TR-ZZZZZZZZZZZZZZZZ")


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("Auto-Submitted: auto-generated", "auto-submitted"),
        ("Auto-Submitted: (by rule) auto-replied; x=y", "auto-submitted"),
        ("Auto-Submitted: auto-forwarded", None),
        ("Auto-Submitted: no", None),
        ("Auto-Submitted: (none)", None),
        ("Precedence: Bulk", "precedence"),
        ("Precedence: first-class", None),
        ("X-Autoreply: yes", "autoreply"),
        ("X-Auto-Response-Suppress: OOF", "response suppressed"),
        ("List-Id: <a.b.example>", "list"),
        ("Return-Path: <>", "return path"),
        ("Return-Path: <sato@contoso.example>", None),
        ("From: MAILER-DAEMON (Mail Delivery System)", "daemon"),
        ("From: Postmaster <postmaster@contoso.example>", "daemon"),
        ("Content-Type: multipart/report; boundary=b", "report"),
        ("X-Failed-Recipients: x@y.example", "failed recipients"),
        ("X-Loop: x", "loop"),
        ("X-Mailer: x", None),
    ],
)
def test_what_a_machine_says_of_itself(line: str, sign: str | None) -> None:
    """Nine signs, and the trap: a mail that a rule forwards was written by a person."""
    lines = [line] if line.startswith("From") else [FROM, line]

    assert envelope(*lines).automatic == sign


def test_a_bounce_names_the_mail_that_it_gives_back() -> None:
    """Also deep within, and by its headers alone; else the mail that it answers."""
    text = (
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: message/rfc822\n\n"
        "Message-ID: <one@x.example>\n\nx\n--c--\n--b\nContent-Type: text/rfc822-headers\n\n"
        "Message-ID: <two@x.example>\n\n--b--\n"
    )
    report = "Content-Type: multipart/report; boundary=b"

    assert set(envelope(report, text=text).returned) == {"one@x.example", "two@x.example"}
    answer = "In-Reply-To: <three@x.example>"
    assert envelope("From: mailer-daemon@x.example", answer).returned == ("three@x.example",)
    assert envelope(FROM, "Auto-Submitted: auto-replied", answer).returned == ()
    mixed = "Content-Type: multipart/mixed; boundary=b"
    assert envelope(FROM, mixed, text=text).returned == ()
