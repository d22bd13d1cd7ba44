"""What Outlook packs into `winmail.dat` (TNEF, [MS-OXTNEF]): the text of a mail, and its files.

Every count and length in it is a claim: none is believed beyond the bytes that are there. What ends
in the middle is read as far as it goes. Never raises but `NotTnef`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.inbound.charset import text_of

SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BHHI")  # level, name, type, length
_BODY, _PROPERTIES, _CODEPAGE = 0x800C, 0x9003, 0x9007
_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_TEXT, _HTML, _CPID = 0x1000, 0x1013, 0x3FDE
_CONTENT, _SHORT_NAME, _LONG_NAME, _SHOWN_NAME = 0x3701, 0x3704, 0x3707, 0x3001
_UNICODE = 0x1F
_VARIABLE = frozenset({0x0D, 0x1E, _UNICODE, 0x0102})
_SIZES = {2: 2, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 2, 0x14: 8, 0x40: 8, 0x48: 16}
_PAGES = {65001: "utf-8", 20127: "ascii", 51932: "euc-jp", 20932: "euc-jp",
          50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp"}  # fmt: skip
_MANY, _KIND, _NAMED = 0x1000, 0x0FFF, 0x8000
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""A file that begins with this is a mail of its own, packed in the same way."""
_DEEPEST = 3


class NotTnef(Exception):
    """The bytes do not begin as TNEF does."""


@dataclass(slots=True)
class Packed:
    """The text, if there is any, and the files by name."""

    text: str = ""
    html: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    names: dict[int, str] = field(default_factory=dict)
    content: bytes = b""


def unpack(raw: bytes, depth: int = 0) -> Packed:
    if not raw.startswith(SIGNATURE):
        raise NotTnef
    found = Packed()
    charset, files = "", list[_File]()
    for name, data in _attributes(raw):
        if name == _CODEPAGE:
            charset = _charset(data)
        elif name == _FILE:
            files.append(_File())
        elif name in {_BODY, _PROPERTIES}:
            _read_body(found, name, data, charset)
        elif files:
            _read_file(files[-1], name, data, charset)
    for one in files:
        found.files.extend(_unpacked(one, depth))
    return found


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = len(SIGNATURE) + 2
    while at + _HEAD.size <= len(raw):
        _, name, _, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size
        yield name, raw[at : at + length]
        at += length + 2


def _read_body(found: Packed, name: int, data: bytes, charset: str) -> None:
    if name == _BODY:
        found.text = found.text or _plain(data, charset)
        return
    properties = dict(_properties(data))
    _, page = properties.get(_CPID, (0, b""))
    inner = _charset(page) if page else charset
    if _TEXT in properties:
        found.text = found.text or _string(*properties[_TEXT], inner)
    if _HTML in properties:
        found.html = found.html or _string(*properties[_HTML], inner)


def _read_file(one: _File, name: int, data: bytes, charset: str) -> None:
    if name == _TITLE:
        one.names[_SHORT_NAME] = _plain(data, charset)
    elif name == _DATA:
        one.content = data
    elif name == _FILE_PROPERTIES:
        for which, (kind, value) in _properties(data):
            if which == _CONTENT:
                one.content = one.content or value
            elif which in {_SHORT_NAME, _LONG_NAME, _SHOWN_NAME}:
                one.names[which] = _string(kind, value, charset)


def _unpacked(one: _File, depth: int) -> Iterator[tuple[str, bytes]]:
    """Give the file; of a mail within, its files and its text as one."""
    names = (one.names.get(which) for which in (_LONG_NAME, _SHORT_NAME, _SHOWN_NAME))
    name = next((found for found in names if found), "")
    inner = one.content.removeprefix(_MESSAGE)
    if depth < _DEEPEST and inner.startswith(SIGNATURE):
        within = unpack(inner, depth + 1)
        if text := within.text or within.html:
            yield f"{name or 'mail'}.txt", text.encode()
        yield from within.files
    else:
        yield name, one.content


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Give each property's number, kind and value: the first, where there are several."""
    reader = _Reader(data)
    try:
        for _ in range(min(reader.number(4), len(data))):
            kind, which = reader.number(2), reader.number(2)
            if which >= _NAMED:
                _pass_name(reader)
            yield which, (kind & _KIND, _value(reader, kind))
    except EOFError:
        return


def _pass_name(reader: _Reader) -> None:
    """Pass over the name that a property has besides its number."""
    reader.take(16)
    if reader.number(4):
        reader.take(reader.number(4))
    else:
        reader.number(4)


def _value(reader: _Reader, kind: int) -> bytes:
    base = kind & _KIND
    if base in _VARIABLE:
        values = [reader.take(reader.number(4)) for _ in range(min(reader.number(4), reader.left))]
        return values[0] if values else b""
    if base not in _SIZES:
        raise EOFError
    count = reader.number(4) if kind & _MANY else 1
    return reader.take(_SIZES[base] * count)


class _Reader:
    """Goes through bytes once; raises EOFError rather than to give fewer than were claimed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def number(self, size: int) -> int:
        return int.from_bytes(self._some(size), "little")

    def take(self, size: int) -> bytes:
        """Give so many bytes, and pass over what fills them up to a multiple of four."""
        value = self._some(size)
        self._at += -size % 4
        return value

    def _some(self, size: int) -> bytes:
        if size > self.left:
            raise EOFError
        value = self._data[self._at : self._at + size]
        self._at += size
        return value


def _charset(data: bytes) -> str:
    page = int.from_bytes(data[:4], "little")
    return _PAGES.get(page, f"cp{page}")


def _plain(data: bytes, charset: str) -> str:
    return text_of(data.partition(b"\0")[0], charset)


def _string(kind: int, data: bytes, charset: str) -> str:
    if kind == _UNICODE:
        return data.decode("utf-16-le", "replace").partition("\0")[0]
    return _plain(data, charset)
