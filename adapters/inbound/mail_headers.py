"""A mail taken apart, and its headers: encoded words, raw bytes, addresses.

Reading a header never raises.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from email.utils import getaddresses

from typing_extensions import override

from adapters.inbound.charset import text_of

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
# Enough for many addresses; the search grows with the square of the length.
_LONGEST = 4_000
_LONGEST_HEADER = 20_000
_MOST_BORDERS = 20_000
_LONGEST_HEAD = 262_144
_ADDRESS = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+")


class _AsItCame(Compat32):
    """Headers with the bytes that are no ASCII: the library would put question marks for them.

    Cut where no true header goes on: the library's time grows with the square of the parameters.
    """

    @override
    def header_fetch_parse(self, name: str, value: str) -> str:
        return value[:_LONGEST_HEADER]


_POLICY = _AsItCame()


class TooComplicated(Exception):
    """A mail of more parts than anybody makes; taking it apart would take minutes."""


def taken_apart(raw: bytes) -> Message:
    """Take a mail apart; raise `TooComplicated`."""
    if raw.count(b"\n--") > _MOST_BORDERS:
        raise TooComplicated
    return message_from_bytes(raw, policy=_POLICY)


def head_of(raw: bytes) -> Message:
    """Take only the headers apart, as far as they are likely to go."""
    return BytesHeaderParser(policy=_POLICY).parsebytes(raw[:_LONGEST_HEAD])


def header(mail: Message, name: str) -> str:
    """Give the first header of that name as text; empty if there is none."""
    return next(headers(mail, name), "")


def headers(mail: Message, name: str) -> Iterator[str]:
    """Give every header of that name as text, the topmost first."""
    # The policy's own reading raises on some real mails: take what the parser kept.
    for key, value in mail.raw_items():
        if key.lower() == name.lower():
            yield decoded(str(value)[:_LONGEST_HEADER])


def decoded(value: str) -> str:
    """Decode encoded words, joining the bytes of neighbours: some cut a character in two."""
    value = _BETWEEN.sub(r"\1\2", re.sub(r"\r?\n(?=[ \t])", "", value))
    pieces = [text_of(octets, charset) for octets, charset in _runs(value)]
    return re.sub(r"\s+", " ", "".join(pieces)).strip()


def _runs(value: str) -> Iterator[tuple[bytes, str | None]]:
    at, run, last = 0, b"", None
    for word in _WORD.finditer(value):
        charset = word[1].partition("*")[0].lower()
        if run and (word.start() > at or charset != last):
            yield run, last
            run = b""
        if word.start() > at:
            yield _raw(value[at : word.start()]), None
        run, last, at = run + _octets(word[2], word[3]), charset, word.end()
    yield run, last
    yield _raw(value[at:]), None


def _octets(encoding: str, text: str) -> bytes:
    raw = _raw(text)
    if encoding.lower() == "q":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def address(mail: Message, name: str) -> str | None:
    """Give the first address in a header, in lower case."""
    text = header(mail, name)[:_LONGEST]
    listed = [found for _, found in getaddresses([text]) if _ADDRESS.fullmatch(found)]
    if not listed:
        listed = _ADDRESS.findall(text)
    return listed[0].lower() if listed else None


def sole_address(mail: Message, name: str) -> str | None:
    """Give the address if one header of that name holds exactly one, plainly written."""
    raw = [str(value) for key, value in mail.raw_items() if key.lower() == name.lower()]
    if len(raw) != 1:
        return None
    # Taken apart before it is decoded: an address in an encoded name is a name.
    text = re.sub(r"\s+", " ", raw[0][:_LONGEST])
    listed = [found for _, found in getaddresses([text]) if "@" in found]
    if len(listed) != 1 or not _ADDRESS.fullmatch(listed[0]) or not listed[0].isascii():
        return None
    return listed[0].lower() if raw[0].count("<") <= 1 else None
