"""Mails as people and programs write them, and what chance makes of their bytes.

A number stands for one mail: what a run found is made again from it.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from functools import lru_cache
from random import Random

from tests.adapters.inbound import tnefs
from tests.adapters.inbound.mails import JIS_SPECIAL, SPECIAL, word
from tests.fuzz.mutations import BYTES
from tests.mailing import REQUEST, VOUCHED, mail

STRAY = (
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\r\n ", b"\x00", b"\x1b$B", b"\x1b(B", b"\x1b(I",
    b"\x0e", b"--b\r\n", b"--b--\r\n", b"\r\n--b\r\n\r\n", b"=?", b"?=", b"=?iso-2022-jp?B?",
    b"=?utf-8?q?=", b"Content-Type: ", b"; charset=", b"multipart/mixed; boundary=b",
    b"message/rfc822", b"text/html", b"Content-Transfer-Encoding: base64\r\n", b"quoted-printable",
    b"x-uuencode", b'"', b"<", b">", b"(", b";", b"=", b"*0*=", b"''", b"%", b"\xff\xfe",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x8e\xa1", b"From: ", b"Message-ID: <x@y>\r\n",
    b"Auto-Submitted: auto-replied\r\n", b"Subject: TR-", b"Authentication-Results: ",
    b"In-Reply-To: <m0@contoso.example>\r\n", b"References: ", b"> ", b"<blockquote>", b"<!--",
    "製品：".encode(), "■ 重大度：Ａ".encode(), "（未記入）".encode(), b"<a href='", b"</",
    b"&#9999999999999999999999;", b"A" * 3_000, b"\xa4\xb3" * 500,
)  # fmt: skip
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n"


def _in(charset: str, declared: str | None = None) -> bytes:
    """Write the request in a charset, said to be another, or not said."""
    said = charset if declared is None else declared
    raw = mail("")
    head, _, _ = raw.partition(b"\r\n\r\n")
    head = head.replace(
        PLAIN.strip().encode(),
        b"Content-Type: text/plain" + (f"; charset={said}".encode() if said else b""),
    )
    subject = b"\r\nSubject: " + word("障害の件".encode(charset), charset)
    return head + subject + b"\r\n\r\n" + REQUEST.encode(charset, "replace")


def _of(kind: str, body: bytes, *headers: str) -> bytes:
    """Write a mail of another kind."""
    raw = mail("", *headers).replace(PLAIN.encode(), b"", 1)
    head, _, _ = raw.partition(b"\r\n\r\n")
    return head + f"\r\nContent-Type: {kind}\r\n\r\n".encode() + body


def _part(kind: str, body: bytes, *headers: bytes) -> bytes:
    lines = [f"Content-Type: {kind}".encode(), *headers, b"", body]
    return b"--b\r\n" + b"\r\n".join(lines) + b"\r\n"


def _packed() -> bytes:
    name = (tnefs.UNICODE, tnefs.NAME, "記録.txt\0".encode("utf-16-le"))
    return tnefs.tnef(
        tnefs.attribute(tnefs.BODY, "製品：Exchange\0".encode("cp932"), 1),
        tnefs.attribute(
            tnefs.PROPERTIES,
            tnefs.properties(
                (tnefs.LONG, tnefs.CPID, struct.pack("<I", 932)),
                (tnefs.BINARY, tnefs.HTML, "<p>本文</p>".encode("cp932")),
            ),
        ),
        tnefs.attribute(tnefs.FILE, b"\0" * 14),
        tnefs.attribute(tnefs.TITLE, b"A.TXT\0", 1),
        tnefs.attribute(tnefs.DATA, b"hello"),
        tnefs.attribute(tnefs.FILE_PROPERTIES, tnefs.properties(name)),
    )


@lru_cache(maxsize=1)
def corpus() -> tuple[bytes, ...]:
    """Give the mails that chance begins with."""
    html = (
        "<html><head><meta charset=shift_jis><style>p{}</style></head><body><table><tr>"
        "<td>製品</td><td>Exchange Server SE</td></tr></table><p>内容<br>&lt;止まる&gt;</p>"
        '<blockquote type="cite">古い<!-- x --></blockquote></body></html>'
    ).encode("cp932")
    text = _part("text/plain; charset=utf-8; format=flowed", REQUEST.encode())
    base64_ = b"Content-Transfer-Encoding: base64"
    files = (
        _part('application/pdf; name="' + word(JIS_SPECIAL, "iso-2022-jp").decode() + '"',
              b"aGVsbG8=", base64_)
        + _part("text/plain", b"x", b"Content-Disposition: attachment;\r\n"
                b" filename*0*=utf-8'ja'%E8%A8;\r\n filename*1*=%98.txt")
        + _part("application/ms-tnef; name=winmail.dat", base64.encodebytes(_packed()), base64_)
        + _part("message/rfc822", b"Subject: inner\r\n\r\n" + SPECIAL.encode())
    )  # fmt: skip
    report = "multipart/report; boundary=b; report-type=delivery-status"
    returned = _part("text/plain", b"no") + _part(
        "message/rfc822", b"Message-ID: <out@toritsugi.example>\r\nSubject: x\r\n\r\nx"
    )
    answer = ("In-Reply-To: <m0@contoso.example>", "References: <a@b> <m0@contoso.example>")
    return (
        mail(), _in("iso-2022-jp"), _in("cp932", "shift_jis"), _in("euc-jp"),
        _in("iso-2022-jp", "us-ascii"), _in("cp932", ""), _in("euc-jp", "utf-8"),
        _of("text/html", html), _of("multipart/mixed; boundary=b", text + files + b"--b--\r\n"),
        _of("multipart/alternative; boundary=b", text + _part("text/html", html) + b"--b--\r\n"),
        _of("multipart/mixed; boundary=b", files), _of(report, returned + b"--b--\r\n"),
        mail("サービス契約への同意：同意する\n\n> 製品：古い\n", *answer, number="m2"),
        mail("Severity: A\n\n-----Original Message-----\nFrom: x\nSent: y\n", *answer, number=""),
        mail("Exchange Server 2019 is down.", "Subject: Re: [TR-0123456789ABCDEF] x"),
        mail(REQUEST, "Precedence: bulk"), mail(vouched=""),
        mail(vouched=f"{VOUCHED} (a (b) \\) c);\r\n dkim=pass (x) header.d=contoso.example"),
    )  # fmt: skip


def mutant(number: int) -> bytes:
    """Give the mail that this number stands for."""
    chance = Random(number)  # noqa: S311  (chance that can be had again)
    raw = chance.choice(corpus())
    # Of its own name, or the first of each kind would be the only one that is stored.
    raw = raw.replace(b"<m1@", b"<m%d@" % chance.randrange(10**9), 1)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 10))):
        raw = chance.choice(CHANGES)(raw, chance)
    return raw


def _stray(raw: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(raw) + 1)
    return raw[:at] + chance.choice(STRAY) + raw[at:]


def _graft(raw: bytes, chance: Random) -> bytes:
    """Go over into another mail."""
    other = chance.choice(corpus())
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other)) :]


def _line(raw: bytes, chance: Random) -> bytes:
    """Move, double or drop a line."""
    lines = raw.split(b"\r\n")
    at = chance.randrange(len(lines))
    taken = lines.pop(at) if chance.random() < 0.7 else lines[at]
    if chance.random() < 0.7:
        lines.insert(chance.randrange(len(lines) + 1), taken)
    return b"\r\n".join(lines)


def _many(raw: bytes, chance: Random) -> bytes:
    """Say a piece of it a hundred times."""
    at = chance.randrange(len(raw) + 1)
    piece = raw[at : at + chance.choice((1, 5, 40, 300))]
    return raw[:at] + piece * 100 + raw[at:]


CHANGES: tuple[Callable[[bytes, Random], bytes], ...] = (
    *BYTES, _stray, _stray, _stray, _graft, _line, _line, _many,
)  # fmt: skip
