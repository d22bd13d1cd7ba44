"""Files as Outlook packs them, written by hand."""

from __future__ import annotations

import struct

BODY, PROPERTIES, CODEPAGE, VERSION = 0x800C, 0x9003, 0x9007, 0x9006
FILE, TITLE, DATA, FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
NAME, CONTENT, TEXT, HTML, CPID = 0x3707, 0x3701, 0x1000, 0x1013, 0x3FDE
STRING, UNICODE, BINARY, OBJECT, LONG, SHORT = 0x1E, 0x1F, 0x102, 0x0D, 3, 2


def attribute(name: int, data: bytes, kind: int = 6) -> bytes:
    """Write one attribute; a file's own come after `FILE`."""
    level = 2 if name in {FILE, TITLE, DATA, FILE_PROPERTIES} else 1
    return (
        struct.pack("<BHHI", level, name, kind, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def properties(*values: tuple[int, int, bytes]) -> bytes:
    """Write properties as (kind, number, value)."""
    found = struct.pack("<I", len(values))
    for kind, number, value in values:
        found += struct.pack("<HH", kind, number)
        if kind in {STRING, UNICODE, BINARY, OBJECT}:
            found += struct.pack("<II", 1, len(value))
        found += value + b"\0" * (-len(value) % 4)
    return found


def tnef(*attributes: bytes, page: int = 932) -> bytes:
    """Write the whole file."""
    head = b"\x78\x9f\x3e\x22\x01\x00"
    version = attribute(VERSION, struct.pack("<I", 0x10000), 8)
    return head + version + attribute(CODEPAGE, struct.pack("<II", page, 0)) + b"".join(attributes)
