"""A conversation by mail, in Japanese: an IMAP server, an SMTP server and the simulated portals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from adapters.inbound.mail_body import body_of
from adapters.inbound.mail_headers import header
from contracts.directory_file import read_directory
from ledger import directory
from sandbox.server import SandboxServer
from tests import dovecot
from tests.answering import SENDER, Answering
from tests.builders import AGENT, DIRECTORY
from tests.conftest import missing
from tests.dovecot import Dovecot
from tests.driving import new_app
from tests.house.tree import ROOT
from tests.mail_server import MailServer
from tests.mailing import MAILBOX, OURS, VOUCHED, box_of
from workers.listeners.mailbox import MailboxListener

OPENING = """\
お世話になっております。コントソの佐藤です。
今朝から本番環境のサーバーに接続できません。再起動しても変わりません。

問題の種類：接続できない
氏名：佐藤 花子
電話番号：03-0000-0000
"""
FORM = {"製品：": "製品：Azure 仮想マシン", "重大度(A・B・C)：": "重大度(A・B・C)：B"}
SUBJECT = "本番環境に接続できません"


@pytest.fixture
def imap() -> Iterator[Dovecot]:
    """Run an IMAP server with an empty mailbox."""
    if dovecot.find() is None:
        missing("dovecot")
    with dovecot.dovecot() as running:
        yield running


@pytest.fixture
def desk(
    tmp_path: Path,
    database_url: str,
    embedded_redis_url: str,
    sandbox: SandboxServer,
    imap: Dovecot,
    smtp_server: MailServer,
) -> Iterator[Answering]:
    """Give an app that reads the mailbox and answers through the mail server."""
    box = {"port": imap.port, "user": dovecot.USER, "password": dovecot.PASSWORD}
    smtp = {"host": "127.0.0.1", "port": smtp_server.port, "security": "none", "sender": SENDER}
    app = new_app(
        tmp_path, database_url, embedded_redis_url, sandbox, mailbox={**MAILBOX, **box}, smtp=smtp
    )
    linked = DIRECTORY.replace("[gold-2026]", "[gold-2026, scs-2026]")
    known = read_directory(linked)
    app.store.write(lambda db: directory.take_in(db, app.vault, known, who="test"))
    yield Answering(app, sandbox)
    app.close()


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """Give simulated portals that remember nothing."""
    with SandboxServer() as server:
        yield server


def read_mailbox(desk: Answering) -> None:
    """Take in what is new, and go on until nothing is due."""
    box = box_of(desk.app.letterbox)
    listener = MailboxListener(desk.app, box)
    with closing(box.connect()) as connection:
        listener.tidy(connection)
        listener.once(connection)
    desk.settle()
    desk.answer()


def written(text: str, number: str, charset: str, answers: Message | None = None) -> bytes:
    """Write the sender's mail as their program does."""
    mail = MIMEText(text, "plain", charset)
    mail["From"] = f"Sato <{AGENT}>"
    mail["To"] = OURS
    subject = SUBJECT if answers is None else header(answers, "Subject")
    mail["Subject"] = Header(subject, charset).encode()
    mail["Message-ID"] = f"<{number}@contoso.example>"
    if answers is not None:
        mail["In-Reply-To"] = header(answers, "Message-ID")
        mail["References"] = f"{answers['References']} {answers['Message-ID']}"
    return f"{VOUCHED}\r\n".encode() + mail.as_bytes(policy=policy.SMTP)


def filled_in(letter: Message) -> str:
    """Fill in the form's lines above the quote."""
    quote = "\n".join(f"> {line}" for line in body_of(letter).text.split("\n"))
    assert all(f"\n{line}\n" in body_of(letter).text for line in FORM)
    lines = "\n".join(FORM.values())
    return f"{lines}\n\n2026年11月30日(月) 15:20 サポート取次窓口 <{OURS}>:\n{quote}\n"


def letters(desk: Answering, server: MailServer) -> list[Message]:
    """Give every letter that arrived, in the order in which they were written."""
    kept = [header(message_from_bytes(one), "Message-ID") for one in desk.letters()]
    arrived = [message_from_bytes(raw) for raw in server.wait(len(kept))]
    assert sorted(header(one, "Message-ID") for one in arrived) == sorted(kept)
    return sorted(arrived, key=lambda one: kept.index(header(one, "Message-ID")))


def test_from_what_is_missing_to_a_ticket(
    desk: Answering, imap: Dovecot, smtp_server: MailServer
) -> None:
    """A mail without product and severity is asked for them, answered, filed: each step once."""
    opening = written(OPENING, "opening", "iso-2022-jp")
    imap.deliver(opening)
    read_mailbox(desk)
    accepted, incomplete = letters(desk, smtp_server)

    answer = written(filled_in(incomplete), "answer", "utf-8", incomplete)
    imap.deliver(answer)
    read_mailbox(desk)
    imap.deliver(answer, opening)  # a mail server that delivers twice
    read_mailbox(desk)
    *_, submitted = letters(desk, smtp_server)

    assert desk.types() == ["request.accepted", "request.incomplete", "request.submitted"]
    assert len(letters(desk, smtp_server)) == 3
    (ticket,) = desk.tickets()
    assert body_of(submitted).text.count(str(ticket["number"])) >= 1
    assert imap.held() == []
    assert_threaded([accepted, incomplete, submitted])
    told = transcript([opening, accepted, incomplete, answer, submitted])
    assert told in readme(), f"the README's conversation is another; put this in its place:\n{told}"


def test_a_form_filled_in_where_it_is_quoted(
    desk: Answering, imap: Dovecot, smtp_server: MailServer
) -> None:
    """Whoever writes into the quote gets their ticket as well."""
    imap.deliver(written(OPENING, "opening", "utf-8"))
    read_mailbox(desk)
    _, incomplete = letters(desk, smtp_server)
    quote = filled_in(incomplete).partition("\n\n")[2]
    for blank, line in FORM.items():
        quote = quote.replace(f"> {blank}\n", f"> {line}\n")
    imap.deliver(written(f"記入しました。\n\n{quote}", "answer", "utf-8", incomplete))
    read_mailbox(desk)

    assert desk.types()[-1] == "request.submitted"
    assert len(desk.tickets()) == 1


def test_words_alone_are_answered_with_what_is_missing(
    desk: Answering, imap: Dovecot, smtp_server: MailServer
) -> None:
    """Whoever answers the form in prose gets it again, in answer to their words."""
    imap.deliver(written(OPENING, "opening", "utf-8"))
    read_mailbox(desk)
    _, incomplete = letters(desk, smtp_server)
    imap.deliver(written("よろしくお願いします。", "prose", "utf-8", incomplete))
    read_mailbox(desk)
    *_, again = letters(desk, smtp_server)

    assert desk.types()[-1] == "request.incomplete"
    assert header(again, "In-Reply-To") == "<prose@contoso.example>"
    assert body_of(again).text == body_of(incomplete).text
    imap.deliver(written(filled_in(again), "answer", "utf-8", again))
    read_mailbox(desk)
    assert desk.types()[-1] == "request.submitted"


def assert_threaded(sent: list[Message]) -> None:
    """Each letter answers the sender's last mail, and names all before it."""
    answered = [header(one, "In-Reply-To") for one in sent]
    assert answered == ["<opening@contoso.example>"] * 2 + ["<answer@contoso.example>"]
    names = ["<opening@contoso.example>", *(header(one, "Message-ID") for one in sent[:2])]
    assert sent[2]["References"].split() == [*names, "<answer@contoso.example>"]
    assert {header(one, "Subject") for one in sent} == {header(sent[0], "Subject")}
    assert all(one["Auto-Submitted"] == "auto-replied" for one in sent)


# ---- The transcript ------------------------------------------------------------------------------

QUOTE = re.compile(r"\n\n2026年.*", re.DOTALL)
REASONS = re.compile(r"\n■.*", re.DOTALL)
SIGNED = re.compile(r"\n\n受付番号 TR-.*", re.DOTALL)


def transcript(conversation: list[bytes | Message]) -> str:
    """Write the conversation as the README has it, what differs each time made the same."""
    return "\n".join(_told(one) for one in conversation)


def _told(one: bytes | Message) -> str:
    mail = message_from_bytes(one) if isinstance(one, bytes) else one
    who = "窓口 → 佐藤" if "Envelope-to" in mail else "佐藤 → 窓口"
    text = QUOTE.sub("\n\n(以下、引用)", body_of(mail).text)
    text = SIGNED.sub("", REASONS.sub("\n(記入例と、必要な理由)", text))
    return _same(f"[{who}] {header(mail, 'Subject')}\n\n{text.strip()}\n")


def _same(text: str) -> str:
    """Put one day and one ticket in place of today's."""
    text = re.sub(r"https?://\S+", "https://portal.azure.com/…", text)
    text = re.sub(r"番号は \d+ です", "番号は 2611300040001234 です", text)
    day = r"\d{4} 年 \d+ 月 \d+ 日\(.\) \d\d:\d\d"
    return re.sub(day, "2026 年 11 月 30 日(月) 17:00", text)


def readme() -> str:
    """Give the README's text."""
    return (ROOT / "README.md").read_text(encoding="utf-8")
