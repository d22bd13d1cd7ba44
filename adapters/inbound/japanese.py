"""ISO-2022-JP and EUC-JP as mail really carries them, with ①, ㈱, 髙 and half-width kana.

Python's own codecs refuse those characters. Never raises; what has no character becomes 〓.
"""

from __future__ import annotations

import re
from collections.abc import Callable

GETA = "〓"
SHIFT = re.compile(rb"\x1b\$(?:[@B]|\([DOPQ])")
_ESCAPE = re.compile(rb"(\x1b\$\([DOPQ]|\x1b\$[@B]|\x1b\([BHJI]|\x0e|\x0f)")
_EUC_TOKEN = re.compile(rb"[\x00-\x7f]++|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2}|[\xa1-\xfe]{2}")
_EUC = re.compile(rb"(?:" + _EUC_TOKEN.pattern + rb")*+")
_EUC_PAIR = re.compile(rb"[\xa1-\xfe]{2}")
_LINE_PART = re.compile(rb"([\x00-\x20]+)")
_GRAPHIC = re.compile(rb"[\x21-\x7f]")
_HIGH = 0x80
# Shift_JIS leaves out the lead bytes from A0 to DF and the trail byte 7F.
_LAST_LOW_LEAD, _LAST_LOW_CELL = 0x9F, 0x5F


def from_jis(raw: bytes, plain: Callable[[bytes], str]) -> str:
    """Decode what has a shift to double bytes; `plain` reads what stands outside of those."""
    text, mode = "", b"\x1b(B"
    for part in _ESCAPE.split(raw):
        if _ESCAPE.fullmatch(part):
            mode = part
        elif part:
            text += _segment(part, mode) if mode in _DECODERS else plain(part)
    return text


def from_euc(raw: bytes) -> str | None:
    """Give None if the bytes are no EUC-JP."""
    if not _EUC.fullmatch(raw):
        return None
    return "".join(_euc_token(token[0]) for token in _EUC_TOKEN.finditer(raw))


def _euc_token(token: bytes) -> str:
    return _pairs(token) if _EUC_PAIR.fullmatch(token) else token.decode("euc_jp", "replace")


def _segment(part: bytes, mode: bytes) -> str:
    # A line's end also ends the double bytes, whether the sender says so or not.
    pieces = _LINE_PART.split(part)
    decode = _DECODERS[mode]
    return "".join(
        piece.decode("ascii") if at % 2 else decode(piece) for at, piece in enumerate(pieces)
    )


def _pairs(part: bytes) -> str:
    """Map the double bytes of JIS to those of Shift_JIS, whose Windows codec has all of them."""
    text = "".join(_pair(part[at] & 0x7F, part[at + 1] & 0x7F) for at in range(0, len(part) - 1, 2))
    return text + ("\ufffd" if len(part) % 2 else "")


def _pair(row: int, cell: int) -> str:
    lead = ((row - 0x21) >> 1) + 0x81
    trail = cell + 0x1F + (cell > _LAST_LOW_CELL) if row % 2 else cell + 0x7E
    octets = bytes([lead + 0x40 if lead > _LAST_LOW_LEAD else lead, trail & 0xFF])
    try:
        return octets.decode("cp932")
    except UnicodeDecodeError:
        return GETA


def _half_kana(part: bytes) -> str:
    return _GRAPHIC.sub(lambda found: bytes([found[0][0] | _HIGH]), part).decode("cp932", "replace")


def _supplement(part: bytes) -> str:
    pairs = (part[at : at + 2] for at in range(0, len(part), 2))
    octets = b"".join(b"\x8f" + bytes(octet | _HIGH for octet in pair) for pair in pairs)
    return octets.decode("euc_jp", "replace")


def _of_2004(escape: bytes) -> Callable[[bytes], str]:
    return lambda part: (escape + part).decode("iso2022_jp_2004", "replace")


_DECODERS: dict[bytes, Callable[[bytes], str]] = {
    b"\x1b$B": _pairs,
    b"\x1b$@": _pairs,
    b"\x1b(I": _half_kana,
    b"\x0e": _half_kana,
    b"\x1b$(D": _supplement,
    b"\x1b$(O": _of_2004(b"\x1b$(O"),
    b"\x1b$(P": _of_2004(b"\x1b$(P"),
    b"\x1b$(Q": _of_2004(b"\x1b$(Q"),
}
