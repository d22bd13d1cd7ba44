from __future__ import annotations

import pytest

from adapters.inbound.mail_quote import is_quoted, own_length
from tests.adapters.inbound.mails import mail, read

UTF8 = b"Content-Type: text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "below",
    [
        "-----Original Message-----",
        "-----元のメッセージ-----",
        "---------- Forwarded message ---------",
        "________________________________",
        "On Sun, Nov 22, 2026 at 9:30 AM Support <s@t.example> wrote:",
        "On Sun, Nov 22, 2026 at 9:30 AM Support\n<s@t.example> wrote:",
        "2026年11月22日(日) 9:30 Support <s@t.example>:",
        "2026年11月22日(日) 9:30 取次サポート\n<s@t.example>:",
        "2026/11/22 9:30、Support さんは書きました:",
        "2026/11/22 9:30、Support <s@t.example>のメール:",
        "From: Support\nSent: Sunday, November 22, 2026 9:30 AM\nTo: Sato\nSubject: x",
        "差出人: Support <s@t.example>\n送信日時: 2026年11月22日 9:30\n宛先: 佐藤\n件名: x",
        "*From:* Support\n*Date:* Sunday",
        "-- ",
    ],
)
def test_where_the_senders_own_words_end(below: str) -> None:
    """However a program marks the mail below, its labels are not the sender's."""
    text = f"製品：新しい\n\n{below}\n製品：古い\n重大度：A\n件名：古い題\n"
    data = read(mail(text.encode(), b"Subject: S", UTF8)).data

    assert (data["product"], data["title"]) == ("新しい", "S")
    assert "severity" not in data


@pytest.mark.parametrize("line", ["From: the beginning it failed", "On Monday it stopped.", "--"])
def test_what_only_looks_like_it(line: str) -> None:
    """A sentence that begins so is still the sender's."""
    lines = [line, "and went on", "Severity: A"]

    assert own_length(lines) == (0 if line == "--" else 3)


def test_quoted_lines() -> None:
    """Lines that are marked as another's hold no fields, wherever they stand."""
    assert is_quoted("> Product: x")
    assert not is_quoted("Product: > x")
    data = read(mail("> 製品：古い\n製品：新しい\n".encode(), UTF8)).data
    assert data["product"] == "新しい"


def test_quotes_of_html() -> None:
    """What a program marks as the mail below in HTML is not the sender's either."""
    for quote in (
        '<blockquote type="cite">',
        '<div class="gmail_quote">',
        '<div id="divRplyFwdMsg">',
    ):
        html = f"<div>Product: new</div>{quote}<div>Severity: A</div>"
        data = read(mail(html.encode(), b"Content-Type: text/html")).data
        assert data["product"] == "new"
        assert "severity" not in data


def test_lines_that_a_program_cut() -> None:
    """Soft line breaks are none (RFC 3676)."""
    flowed = b"Content-Type: text/plain; charset=utf-8; format=flowed"
    data = read(mail(b"Title: one \r\ntwo\r\nSeverity: B\r\n", flowed)).data

    assert (data["title"], data["severity"]) == ("one two", "B")


def test_a_list_goes_on_after_its_comma() -> None:
    """What ends in a comma is not at its end."""
    text = "追加の連絡先：a@x.example、\n  b@x.example\n重大度：B\n"
    data = read(mail(text.encode(), UTF8)).data

    assert data["contact"] == {"cc": ["a@x.example", "b@x.example"]}
    assert data["severity"] == "B"


def test_a_mail_that_is_only_passed_on() -> None:
    """Without a word of the sender's, the text of the mail within is read; it is a file as well."""
    body = (
        "--b\nContent-Type: message/rfc822\n\nSubject: inner\n"
        "Content-Type: text/plain; charset=utf-8\n\n製品：中\n--b--\n"
    )
    incoming = read(mail(body.encode(), b"Content-Type: multipart/mixed; boundary=b"))

    assert incoming.data["product"] == "中"
    assert [file.name for file in incoming.request.attachments] == ["inner.eml"]
