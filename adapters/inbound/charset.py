"""Bytes of mail and files to text, whatever charset they say or do not say they are in.

Never raises. What cannot be read becomes U+FFFD, carrier emoji become 〓; the raw bytes are kept
by whoever called.
"""

from __future__ import annotations

import codecs
import re

from adapters.inbound.japanese import GETA, SHIFT, from_euc, from_jis

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_HALF_KANA = re.compile("[｡-ﾟ]")
_FAMILIES = {
    "jis": re.compile(r"(?:cs)?iso-?2022-?jp.*|(?:x-)?cp5022\d|jis"),
    "cp932": re.compile(
        r"(?:x-)?s(?:hift)?[-_]?jis.*|(?:x-)?ms[-_]?(?:kanji|932)|cp932|windows-31j"
    ),
    "euc": re.compile(r"(?:x-)?euc[-_]?jp.*|ujis|cp51932"),
    # Written by senders that never looked: any byte is a character of it.
    "latin": re.compile(r"us-ascii|ascii|ansi_x3.*|iso-?8859-?1|latin-?1|windows-1252|cp1252|"),
}
# Text codecs that run on any input but mean something else than a charset.
_NO_CHARSETS = {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs"}


def text_of(raw: bytes, declared: str | None = None) -> str:
    """Try what is declared, then JIS escape sequences, UTF-8, cp932 and EUC-JP."""
    name = (declared or "").strip().strip("'\"").lower()
    text = _declared(raw, name)
    return _clean(_guessed(raw) if text is None else text)


def _declared(raw: bytes, name: str) -> str | None:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(raw, "utf-16")
    if SHIFT.search(raw) and raw.isascii():
        return from_jis(raw, _guessed)
    family = next((known for known, names in _FAMILIES.items() if names.fullmatch(name)), None)
    if family == "jis":
        return None
    if family == "latin":
        return _japanese(raw) or (_strict(raw, "cp1252") if name else None)
    if family == "cp932":
        return _strict(raw, "cp932")
    return from_euc(raw) if family == "euc" else _other(raw, name)


def _other(raw: bytes, name: str) -> str | None:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return None if codec.name.replace("-", "_") in _NO_CHARSETS else _strict(raw, codec.name)


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (LookupError, ValueError):
        return None


def _japanese(raw: bytes) -> str | None:
    """Give the text if the bytes are plainly UTF-8 or Japanese."""
    text = _strict(raw, "utf-8")
    if text is not None:
        return text
    found = [text for text in (_strict(raw, "cp932"), from_euc(raw)) if text]
    best = max(found, key=_likeness, default=None)
    return best if best and _likeness(best) > 0 else None


def _likeness(text: str) -> int:
    """Kana speak for Japanese; half-width ones are what EUC-JP looks like in cp932."""
    return len(_KANA.findall(text)) - len(_HALF_KANA.findall(text))


def _guessed(raw: bytes) -> str:
    if SHIFT.search(raw):
        return from_jis(raw, _guessed)
    text = _strict(raw, "utf-8")
    if text is not None:
        return text
    found = [text for text in (_strict(raw, "cp932"), from_euc(raw)) if text is not None]
    return max(found, key=_likeness) if found else _lossy(raw)


def _lossy(raw: bytes) -> str:
    tried = [raw.decode(codec, "replace") for codec in ("utf-8", "cp932")]
    return min(tried, key=lambda text: text.count("\ufffd"))


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _PRIVATE.sub(GETA, _CONTROL.sub("", text))
    # Half of a character cannot be stored.
    return text.encode("utf-8", "replace").decode("utf-8")
