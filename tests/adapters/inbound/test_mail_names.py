from __future__ import annotations

import pytest

from tests.adapters.inbound.mails import JIS_SPECIAL, SPECIAL, mail, read, word

NAME = "障害記録①.txt"


def attached(*lines: bytes) -> str | None:
    """Give the name of a file whose part has these headers."""
    body = b"--b\r\n" + b"\r\n".join(lines) + b"\r\n\r\nx\r\n--b--\r\n"
    incoming = read(mail(body, b"Content-Type: multipart/mixed; boundary=b"))
    (file,) = incoming.request.attachments
    return file.name


def percent(octets: bytes) -> bytes:
    """Write octets as RFC 2231 does."""
    return "".join(f"%{octet:02X}" for octet in octets).encode()


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "shift_jis", "euc-jp"])
def test_names_by_rfc_2231(charset: str) -> None:
    """A name with its charset, whole or in pieces that cut a character in two."""
    name = NAME if charset in {"utf-8", "cp932"} else "障害記録.txt"
    octets, said = name.encode(charset), charset.encode()
    whole = b"Content-Disposition: attachment; filename*=%s''%s" % (said, percent(octets))
    cut = b"Content-Disposition: attachment;\r\n filename*0*=%s'ja'%s;\r\n filename*1*=%s" % (
        said,
        percent(octets[:3]),
        percent(octets[3:]),
    )

    assert attached(whole) == name
    assert attached(cut) == name


def test_names_in_jis_by_rfc_2231() -> None:
    """With the characters that only Windows has."""
    line = b"Content-Disposition: attachment; filename*=iso-2022-jp''%s" % percent(JIS_SPECIAL)

    assert attached(line) == SPECIAL


@pytest.mark.parametrize(
    "written",
    [
        word(JIS_SPECIAL, "iso-2022-jp"),
        word(SPECIAL.encode("cp932"), "Shift_JIS"),
        word(SPECIAL.encode()[:4], "utf-8") + b"\r\n " + word(SPECIAL.encode()[4:], "utf-8"),
    ],
    ids=["jis", "cp932", "two words"],
)
@pytest.mark.parametrize("quote", [b'"%s"', b"%s"], ids=["quoted", "bare"])
def test_encoded_words_where_they_must_not_be(written: bytes, quote: bytes) -> None:
    """RFC 2047 does not allow them in a name, and most programs write them there."""
    assert attached(b"Content-Disposition: attachment; filename=" + quote % written) == SPECIAL
    assert attached(b"Content-Type: application/pdf; name=" + quote % written) == SPECIAL


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc-jp"])
def test_names_without_any_encoding(charset: str) -> None:
    """Bytes beyond ASCII are read as what they are."""
    name = "テスト記録.txt"
    line = b'Content-Disposition: attachment; filename="%s"' % name.encode(charset)

    assert attached(line) == name
