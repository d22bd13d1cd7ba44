"""A mail becomes a request, whatever it looks like."""

from __future__ import annotations

import base64
import random

import pytest

from adapters.inbound.mail import parse_mail
from contracts.malformed import Malformed
from tests.adapters.inbound.mails import HEAD, JIS_SPECIAL, SPECIAL, mail, read, refused, word

UTF8 = b"Content-Type: text/plain; charset=utf-8"
LABELLED = """\
お世話になっております。コントソの佐藤です。

■ パートナー ID：4612345
製品　　： Exchange Server 2016
■ 重大度（必須）：Ｂ（中）
・ご担当者名：佐藤　一郎
【連絡方法】電話
電話番号：03-1234-5678
追加の連絡先：a@contoso.example、b@contoso.example
アクセス ID： 0230242323
契約 ID：（未記入）
顧客テナント：未入力
種別：技術
サービス契約への同意：同意する
発生日時：2026年11月22日 9時30分
■ 内容
一行目
  https://contoso.example/?a=b

二行目
製品：二度目は本文
--
佐藤 TEL: 03-9999-9999
"""
ENGLISH = """\
Partner: 4612345
Product: azure/virtual-machines
Severity: A
Title: VM does not start
Description: It stopped at nine.
  Error: 0x80070005
Contact Email: sato@contoso.example
Started at: 2026-11-22T09:00:00Z
Advanced diagnostics: no
"""


def test_free_text() -> None:
    """Without labels the subject is the title and the text the description."""
    incoming = read(mail(b"It stopped.\r\n\r\nSato", b"Subject: VM is down"))
    assert (incoming.source, incoming.id) == ("mailto:sato@contoso.example", "m1@contoso.example")
    assert incoming.data == {
        "agent": "sato@contoso.example",
        "title": "VM is down",
        "description": "It stopped.\n\nSato",
        "reply_to": {"email": "sato@contoso.example"},
    }
    assert incoming.request.partner is None


def test_japanese_labels() -> None:
    """Bullets, full-width colons, padding, remarks in brackets, and words for nothing."""
    incoming = read(mail(LABELLED.encode(), b"Subject: " + word("障害".encode(), "utf-8"), UTF8))
    assert incoming.data == {
        "agent": "sato@contoso.example",
        "kind": "technical",
        "partner": "4612345",
        "product": "Exchange Server 2016",
        "severity": "B",
        "contact": {
            "name": "佐藤　一郎",
            "method": "phone",
            "phone": "03-1234-5678",
            "cc": ["a@contoso.example", "b@contoso.example"],
        },
        "access_id": "0230242323",
        "consents": {"services_agreement": True},
        "started_at": "2026-11-22T09:30:00+09:00",
        "title": "障害",
        "description": ("一行目\n  https://contoso.example/?a=b\n\n二行目\n製品：二度目は本文"),
        "reply_to": {"email": "sato@contoso.example"},
    }


def test_english_labels() -> None:
    """The same in English; unknown labels belong to the text they stand in."""
    data = read(mail(ENGLISH.encode(), b"Subject: other")).data
    assert data["title"] == "VM does not start"
    assert data["severity"] == "A"
    assert data["description"] == "It stopped at nine.\n  Error: 0x80070005"
    assert data["contact"] == {"email": "sato@contoso.example"}
    assert data["started_at"] == "2026-11-22T09:00:00Z"
    assert data["consents"] == {"advanced_diagnostics": False}


def test_value_below_its_label() -> None:
    """A label alone on its line has its value below."""
    data = read(mail("■製品\nExchange\nServer\n\nあとの文\n".encode(), UTF8)).data
    assert data["product"] == "Exchange Server"
    assert data["description"] == "あとの文"


def test_a_value_that_cannot_be_read() -> None:
    """A wrong severity is refused with its place, and the sender can be answered."""
    said = refused(mail(b"Severity: Z\nProduct: x"))
    assert (said.code, said.place) == ("invalid_data", "data.severity")
    assert (said.source, said.sender_id) == ("mailto:sato@contoso.example", "m1@contoso.example")


def test_local_time_follows_the_contacts_zone() -> None:
    """A time without zone is the contact's; an unreal one is refused."""
    text = "タイムゾーン：America/New_York\n発生日時：2026/7/1 9:00"
    assert read(mail(text.encode(), UTF8)).data["started_at"] == "2026-07-01T09:00:00-04:00"
    said = refused(mail("発生日時：2026/13/1 9:00".encode(), UTF8))
    assert said.place == "data.started_at"


def test_labels_below_a_quoted_message_do_not_count() -> None:
    """The request quoted below an answer is not the sender's."""
    text = b"Product: new\n\n-----Original Message-----\nSeverity: A\n"
    assert "severity" not in read(mail(text)).data


def test_a_labelled_agent_wins() -> None:
    """A form on a site sends for somebody else; answers go where Reply-To says."""
    data = read(mail(b"Sign-in: suzuki@contoso.example", b"Reply-To: it@contoso.example")).data
    assert data["agent"] == "suzuki@contoso.example"
    assert data["reply_to"] == {"email": "it@contoso.example"}


def test_an_id_in_prose_is_masked() -> None:
    """An Access ID in free text is not stored as text."""
    text = "アクセス ID は 0230242323 です。"
    assert "0230242323" not in str(read(mail(text.encode(), UTF8)).data)


@pytest.mark.parametrize(
    "subject",
    [
        word(JIS_SPECIAL, "iso-2022-jp"),
        word(SPECIAL.encode("cp932"), "shift_jis"),
        b"=?utf-8?Q?%s?=" % "".join(f"={octet:02X}" for octet in SPECIAL.encode()).encode(),
        word(SPECIAL.encode()[:4], "utf-8") + b"\r\n " + word(SPECIAL.encode()[4:], "utf-8"),
        JIS_SPECIAL,
        SPECIAL.encode(),
    ],
    ids=["jis", "cp932", "quoted", "cut in two", "raw jis", "raw utf-8"],
)
def test_subjects(subject: bytes) -> None:
    """A subject is read however it is encoded."""
    assert read(mail(b"x", b"Subject: " + subject)).data["title"] == SPECIAL


@pytest.mark.parametrize("charset", ["iso-2022-jp", "cp932", "euc-jp", "utf-8"])
@pytest.mark.parametrize("declared", [b"; charset=iso-2022-jp", b"; charset=us-ascii", b""])
def test_bodies(charset: str, declared: bytes) -> None:
    """A body is read whatever its charset is said to be."""
    raw = mail("製品：メールサーバー".encode(charset), b"Content-Type: text/plain" + declared)
    assert read(raw).data["product"] == "メールサーバー"


def test_html_alone() -> None:
    """Of an HTML mail the text is read: cells apart, scripts out, its own charset."""
    html = (
        "<html><head><meta charset='shift_jis'><title>x</title><style>p{}</style></head><body>"
        "<table><tr><td>製品</td><td>Exchange</td></tr><tr><th>重大度</th><td> B </td></tr></table>"
        "<p>一&nbsp;行<br>二行 &lt;b&gt;</p><script>alert(1)</script></body></html>"
    )
    data = read(mail(html.encode("cp932"), b"Content-Type: text/html")).data
    assert (data["product"], data["severity"]) == ("Exchange", "B")
    assert data["description"] == "一 行\n二行 <b>"


def test_html_that_breaks_the_parser() -> None:
    """A declaration that the parser cannot bear costs its tags, not the mail."""
    data = read(mail(b"<![if x]><p>a</p><![bad[ b", b"Content-Type: text/html")).data
    assert "a" in data["description"]


MIXED = (
    b"--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n"
    b"--c\r\nContent-Type: text/plain\r\n\r\nplain\r\n"
    b"--c\r\nContent-Type: text/html\r\n\r\n<p>html\r\n--c--\r\n"
    b'--b\r\nContent-Type: application/pdf; name="' + word(JIS_SPECIAL, "iso-2022-jp") + b'"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"
    b"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; "
    b"filename*=utf-8''%E8%A8%98%E9%8C%B2.txt\r\n\r\nSeverity: Z\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nSeverity: Z\r\n--b--\r\n"
)


def test_attachments() -> None:
    """Files keep name, type and content; what is in them is not the sender's text."""
    raw = mail(MIXED, b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=b")
    incoming = read(raw)
    assert incoming.data["description"] == "plain"
    names = [file.name for file in incoming.request.attachments]
    assert names == [f"{SPECIAL}", "記録.txt", "inner.eml"]
    assert incoming.request.attachments[0].octets() == b"hello"
    assert b"inner" in (incoming.request.attachments[2].octets() or b"")


def test_long_mails_are_cut_and_kept() -> None:
    """A free text that is too long for a request is cut, and whole in a file."""
    text = "長い文。" * 10_000
    incoming = read(mail(text.encode(), b"Subject: " + word(("題" * 300).encode(), "utf-8"), UTF8))
    assert len(incoming.request.title or "") == 250
    assert len(incoming.request.description or "") == 30_000
    assert incoming.request.attachments[0].octets() == text.encode()


def test_without_message_id() -> None:
    """The number is made from what was written, so that a re-send has the same."""
    plain = b"From: a@b.example\r\nSubject: s\r\nMessage-ID: <>\r\n\r\nx"
    first, again = read(plain), read(b"Received: by other\r\n" + plain)
    assert first.id == again.id
    assert first.id.startswith("sha256:")
    assert read(plain + b"y").id != first.id


@pytest.mark.parametrize("raw", [b"", b"garbage", b"\xff" * 100, b"Subject: x\r\n\r\ny"])
def test_without_sender(raw: bytes) -> None:
    """Nobody to answer, nobody to file for: kept, and said so."""
    assert refused(raw).place == "From"


def test_too_large() -> None:
    """The limit is the caller's."""
    (parsed,) = parse_mail(mail(b"x" * 1_000), limit=500)
    assert isinstance(parsed.outcome, Malformed)
    assert parsed.outcome.code == "too_large"


@pytest.mark.parametrize(
    "headers",
    [
        [b'From: =?utf-8?B?////?= <a@b.example>, "x', b"Subject: =?x?B?!?="],
        [b"Content-Type: text/plain; charset*0*=utf-8''x; charset=\xff"],
        [b"Content-Type: multipart/mixed"],
        [b'Content-Type: multipart/mixed; boundary="', b"Content-Transfer-Encoding: \xff"],
        [b"Content-Type: application/x; name*=x'y'%zz; name*1=a"],
        [b"Content-Type: /", b"Content-Disposition: ;;;=", b"Date: no day at all"],
        [b"Content-Transfer-Encoding: x-uuencode"],
        [b"Content-Transfer-Encoding: base64"],
    ],
)
def test_broken_headers(headers: list[bytes]) -> None:
    """Headers that make the library raise are read as far as they go."""
    assert read(mail(b"begin 666 a\r\n#abc\r\n\xe9`\r\nend", *headers)).source.startswith("mailto:")


def test_deep_nesting_ends() -> None:
    """A mail of a thousand boxes in boxes gives an outcome."""
    head = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    raw = HEAD + b"".join(head % (at, at) for at in range(2_000))
    assert len(parse_mail(raw)) == 1


def test_no_mail_raises() -> None:
    """Mails with bytes changed, cut and doubled all have an outcome, and a readable one."""
    whole = mail(MIXED, b"MIME-Version: 1.0", b"Content-Type: multipart/mixed; boundary=b")
    dice = random.Random(7)  # noqa: S311  (the same mails each time)
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(dice.randint(1, 10)):
            at = dice.randrange(len(raw))
            kind = dice.random()
            if kind < 0.4:
                raw[at] = dice.randrange(256)
            elif kind < 0.7:
                del raw[at : at + dice.randint(1, 20)]
            else:
                raw[at:at] = raw[dice.randrange(len(raw)) :][:30]
        (parsed,) = parse_mail(bytes(raw))
        assert not isinstance(parsed.outcome, Malformed) or parsed.outcome.place != "mail"


def test_octets_of_an_attachment_survive() -> None:
    """Content is base64 of exactly what was attached."""
    content = bytes(range(256))
    body = b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    body += base64.encodebytes(content) + b"\r\n--b--\r\n"
    incoming = read(mail(body, b"Content-Type: multipart/mixed; boundary=b"))
    assert incoming.request.attachments[0].octets() == content
