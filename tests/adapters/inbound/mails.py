"""Mails as they arrive, and Japanese bytes as Python itself cannot write them."""

from __future__ import annotations

import base64

from adapters.inbound.mail import parse_mail
from contracts.incoming import Incoming
from contracts.malformed import Malformed

# ①㈱Ⅲ髙 in the rows that only Windows has, as other mail programs send them.
JIS_SPECIAL = b"\x1b$B-!-j-7|b\x1b(B"
SPECIAL = "①㈱Ⅲ髙"
HEAD = b"From: Sato <Sato@Contoso.example>\r\nMessage-ID: <m1@contoso.example>\r\n"


def mail(body: bytes, *headers: bytes) -> bytes:
    """Write a mail with the given body and further headers."""
    return HEAD + b"".join(line + b"\r\n" for line in headers) + b"\r\n" + body


def read(raw: bytes) -> Incoming:
    """Give the request of a mail that must pass."""
    (parsed,) = parse_mail(raw)
    assert parsed.raw == raw
    assert isinstance(parsed.outcome, Incoming), parsed.outcome
    return parsed.outcome


def refused(raw: bytes) -> Malformed:
    """Give what is said of a mail that must not pass."""
    (parsed,) = parse_mail(raw)
    assert parsed.raw == raw
    assert isinstance(parsed.outcome, Malformed), parsed.outcome
    return parsed.outcome


def word(octets: bytes, charset: str) -> bytes:
    """Write an encoded word of a header."""
    return b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(octets))
