"""Japanese bytes, declared, misdeclared and undeclared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.charset import text_of
from tests.adapters.inbound.mails import JIS_SPECIAL, SPECIAL

PROSE = "メールが届きません。株式会社コントソの佐藤です。"
EUC_SPECIAL = bytes(octet | 0x80 for octet in b"-!-j-7|b")
DECLARATIONS = [None, "iso-2022-jp", "utf-8", "us-ascii", "iso-8859-1", "shift_jis", "euc-jp"]
DECLARATIONS += ["cp50221", "windows-31j", "x-unknown", "zlib", "unicode_escape", "\0", '"utf-8"']


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize("codec", ["iso-2022-jp", "cp932", "euc-jp", "utf-8", "utf-8-sig"])
def test_prose_survives_any_declaration(codec: str, declared: str | None) -> None:
    """A wrong or missing declaration does not garble a Japanese sentence."""
    assert text_of(PROSE.encode(codec), declared) == PROSE


@pytest.mark.parametrize("declared", DECLARATIONS)
@pytest.mark.parametrize(
    "raw",
    [
        JIS_SPECIAL + "のテスト".encode("iso-2022-jp"),
        f"{SPECIAL}のテスト".encode("cp932"),
        EUC_SPECIAL + "のテスト".encode("euc-jp"),
        f"{SPECIAL}のテスト".encode(),
    ],
    ids=["jis", "cp932", "euc-jp", "utf-8"],
)
def test_company_and_family_names_survive(raw: bytes, declared: str | None) -> None:
    """①, ㈱ and 髙 are read where Python's own codecs give up."""
    assert text_of(raw, declared) == f"{SPECIAL}のテスト"


def test_half_width_kana() -> None:
    """Half-width kana come as a set of their own, or shifted out."""
    assert text_of(b"\x1b$B%F\x1b(I6E\x1b(B!", "iso-2022-jp") == "テｶﾅ!"
    assert text_of("ｶﾅ".encode("cp932"), "shift_jis") == "ｶﾅ"


def test_rare_characters() -> None:
    """The supplementary sets are read too."""
    assert text_of("丂".encode("iso2022_jp_1"), "iso-2022-jp-1") == "丂"
    assert text_of("俱".encode("iso2022_jp_2004"), "iso-2022-jp-2004") == "俱"


def test_escapes_end_with_the_line() -> None:
    """A line that does not shift back does not garble the next."""
    assert text_of(b"\x1b$B%F%9%H\r\n\x1b(BSeverity: B", "iso-2022-jp") == "テスト\nSeverity: B"


def test_carrier_emoji_become_a_mark() -> None:
    """What has no character is shown as such, not as another character."""
    assert text_of(b"\x1b$Bu!%F\x1b(B") == "〓テ"
    assert text_of(b"\xf8\x9f" + "テスト".encode("cp932"), "shift_jis") == "〓テスト"


def test_western_text_stays() -> None:
    """A French sentence is not taken for Japanese."""
    text = "Été à Genève, déjà vu"
    assert text_of(text.encode("latin-1"), "iso-8859-1") == text
    assert text_of(text.encode("cp1252"), "us-ascii") == text
    assert text_of("Привет".encode("koi8-r"), "koi8-r") == "Привет"


def test_excel_unicode_text() -> None:
    """UTF-16 with its mark needs no declaration."""
    assert text_of(PROSE.encode("utf-16")) == PROSE


def test_what_cannot_be_stored_is_dropped() -> None:
    """Control characters go, line ends become one kind."""
    assert text_of(b"a\x00b\x07\r\nc\rd\te\x0e") == "ab\nc\nd\te"


def test_what_cannot_be_read_is_marked() -> None:
    """Bytes of no charset at all leave a mark, never an error."""
    assert "\ufffd" in text_of(b"\x81 abc \x81")


@given(st.binary(max_size=80), st.sampled_from([*DECLARATIONS, "utf-7", "idna", "hex", "rot13"]))
def test_no_bytes_raise(raw: bytes, declared: str | None) -> None:
    """Any bytes under any name give text that can be stored."""
    assert "\0" not in text_of(raw, declared)
    text_of(b"\x1b$B" + raw, declared).encode()


def test_long_text_is_read_in_no_time() -> None:
    """A megabyte that is almost EUC-JP does not stop the mailbox."""
    assert len(text_of(b"plain text, " * 100_000 + b"\xa4\xff")) > 1_000_000
