from __future__ import annotations

import base64
import random
import struct

import pytest
import tnefparse  # type: ignore[import-untyped]  # ships no types

from adapters.inbound.tnef import NotTnef, unpack
from tests.adapters.inbound import tnefs
from tests.adapters.inbound.mails import mail, read
from tests.adapters.inbound.tnefs import attribute, properties, tnef

LONG_NAME = "記録①.txt"
FILE_OF_NAME = attribute(
    tnefs.FILE_PROPERTIES,
    properties((tnefs.UNICODE, tnefs.NAME, f"{LONG_NAME}\0".encode("utf-16-le"))),
)
WHOLE = tnef(
    attribute(tnefs.BODY, "製品：メールサーバー\0".encode("cp932"), 1),
    attribute(tnefs.FILE, b"\0" * 14),
    attribute(tnefs.TITLE, "記録~1.TXT\0".encode("cp932"), 1),
    attribute(tnefs.DATA, b"hello\0"),
    FILE_OF_NAME,
    attribute(tnefs.FILE, b"\0" * 14),
    attribute(tnefs.TITLE, "短い名.log\0".encode("cp932"), 1),
    attribute(tnefs.DATA, b"\x00\x01"),
)


def test_text_and_files() -> None:
    """Names are read in full and in their charset; octets survive, zeros at the end too."""
    found = unpack(WHOLE)

    assert found.text == "製品：メールサーバー"
    assert found.files == [(LONG_NAME, b"hello\0"), ("短い名.log", b"\x00\x01")]


def test_agrees_with_a_library() -> None:
    """What a library for it finds in a well-formed file is what is found here."""
    theirs = tnefparse.TNEF(WHOLE)
    ours = unpack(WHOLE)

    assert [one.data for one in theirs.attachments] == [octets for _, octets in ours.files]
    assert theirs.attachments[0].long_filename() == ours.files[0][0]
    assert theirs.body.rstrip(b"\0").decode("cp932") == ours.text


def test_properties_hold_the_text_too() -> None:
    """HTML in the charset of the properties, and properties that are passed over on the way."""
    named = (
        struct.pack("<HH16sII", tnefs.LONG, 0x8001, b"g" * 16, 1, 6) + b"a\0b\0c\0\0\0" + b"1234"
    )
    also = struct.pack("<HH16sII", tnefs.LONG, 0x8002, b"g" * 16, 0, 7) + b"1234"
    many = struct.pack("<HHI", tnefs.SHORT | 0x1000, 0x6000, 3) + b"112233\0\0"
    inner = properties(
        (tnefs.LONG, tnefs.CPID, struct.pack("<I", 50220)),
        (tnefs.BINARY, tnefs.HTML, "<p>本文</p>".encode("iso-2022-jp")),
    )
    data = struct.pack("<I", 5) + named + also + many + inner[4:]

    assert unpack(tnef(attribute(tnefs.PROPERTIES, data))).html == "<p>本文</p>"


def test_a_mail_within() -> None:
    """Its text is a file, and its files are files of the mail."""
    packed = bytes.fromhex("0703020000000000c000000000000046") + WHOLE
    outer = tnef(
        attribute(tnefs.FILE, b"\0" * 14),
        attribute(tnefs.FILE_PROPERTIES, properties((tnefs.OBJECT, tnefs.CONTENT, packed))),
    )

    assert [name for name, _ in unpack(outer).files] == ["mail.txt", LONG_NAME, "短い名.log"]


@pytest.mark.parametrize("kind", [tnefs.SHORT | 0x1000, tnefs.STRING, tnefs.BINARY, 0x77])
def test_counts_are_not_believed(kind: int) -> None:
    """Four thousand million of anything are as many as there are bytes for."""
    data = struct.pack("<IHHI", 0xFFFFFFFF, kind, 0x1000, 0xFFFFFFFF) + b"\0" * 16
    endless = tnef(attribute(tnefs.PROPERTIES, data), attribute(tnefs.BODY, b"text"))

    assert unpack(endless).text in {"", "text"}


def test_what_is_cut_or_changed_is_read_as_far_as_it_goes() -> None:
    """No byte missing or wrong raises anything but that it is no TNEF."""
    dice = random.Random(7)  # noqa: S311  (the same files each time)
    for at in range(len(WHOLE)):
        changed = bytearray(WHOLE)
        changed[at] = dice.randrange(256)
        for raw in (WHOLE[:at], bytes(changed)):
            try:
                unpack(raw)
            except NotTnef:
                assert at < 4


@pytest.mark.parametrize(
    "kind", ["application/ms-tnef", 'application/octet-stream; name="WINMAIL.DAT"']
)
def test_a_mail_with_winmail_dat(kind: str) -> None:
    """Its files are those that were packed, and its text counts where the mail has none."""
    body = f"--b\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    body += base64.encodebytes(WHOLE) + b"\r\n--b--\r\n"
    incoming = read(mail(body, b"Content-Type: multipart/mixed; boundary=b"))

    assert incoming.data["product"] == "メールサーバー"
    assert [file.name for file in incoming.request.attachments] == [LONG_NAME, "短い名.log"]


def test_what_only_says_that_it_is_tnef() -> None:
    """It is attached as it came."""
    body = b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\nno\r\n--b--\r\n"
    incoming = read(mail(body, b"Content-Type: multipart/mixed; boundary=b"))

    assert [file.octets() for file in incoming.request.attachments] == [b"no"]
