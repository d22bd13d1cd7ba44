"""A mail that ends in quarantine is answered where its sender is proven and known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.inbound.mail_body import body_of
from adapters.inbound.mail_headers import header
from contracts.codec import from_data
from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ledger import mails, quarantine
from sandbox.server import SandboxServer
from tests.answering import SENDER, Answering
from tests.builders import ACCESS_ID, AGENT, CONTRACT_ID, PARTNER
from tests.driving import new_app
from tests.mail_server import MailServer
from tests.mailing import MAILBOX, REQUEST, VOUCHED, box_of, came, lacking, mail
from workers.mail_intake import take, take_up
from workers.quarantine import Repaired, release
from workers.record import record
from workers.settle import Word

WRONG = REQUEST.replace("契約：", "重大度(急ぎ)： Z\n契約：")
LATER = "later@contoso.example"
FORGED = VOUCHED.replace("dmarc=pass", "dmarc=fail")


@pytest.fixture
def answering(
    tmp_path: Path,
    database_url: str,
    embedded_redis_url: str,
    sandbox: SandboxServer,
    smtp_server: MailServer,
) -> Iterator[Answering]:
    """Give an app that reads a mailbox and answers through the mail server."""
    smtp = {"host": "127.0.0.1", "port": smtp_server.port, "security": "none", "sender": SENDER}
    ways = {"mailbox": MAILBOX, "smtp": {**smtp, "per_hour": 3}}
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox, **ways)
    yield Answering(app, sandbox)
    app.close()


def letter(answering: Answering) -> Message:
    """Answer, and give the one letter that was written."""
    answering.answer()
    (found,) = answering.letters()
    return message_from_bytes(found, policy=policy.compat32)


def number(answering: Answering) -> str:
    """Give the number in quarantine of the mail that came last."""
    *_, last = answering.app.store.read(quarantine.kept)
    return last.id


def sign_in(answering: Answering, agent: str) -> None:
    """Add an agent to the directory."""
    row = text("INSERT INTO agents VALUES (:partner, :agent, '[]', '[]')")
    values = {"partner": PARTNER, "agent": agent}
    answering.app.store.write(lambda db: db.execute(row, values))


def test_who_wrote_a_value_that_cannot_be_read_is_told(
    answering: Answering, smtp_server: MailServer
) -> None:
    """What, by their own label, what may stand there, and under which number the mail is kept."""
    earlier = "References: <first@contoso.example> <second@contoso.example>"
    assert came(answering, mail(WRONG, earlier)).why == "invalid_data"

    found = letter(answering)
    said = body_of(found).text
    which = number(answering)
    assert answering.ends() == [("sent", None)]
    assert len(smtp_server.wait(1)) == 1
    assert header(found, "To") == AGENT
    title = "データベース可用性グループが停止する"
    assert header(found, "Subject") == f"Re: [{which}] {title}"
    assert header(found, "In-Reply-To") == "<m1@contoso.example>"
    assert header(found, "References") == (
        "<first@contoso.example> <second@contoso.example> <m1@contoso.example>"
    )
    assert "・「重大度」 「A」(重大)、「B」(中程度)、「C」(軽微)のいずれか" in said
    assert which in said
    assert not any(word in said for word in ("Z", "急ぎ", "data.", "severity"))


@pytest.mark.parametrize(
    ("words", "greeting"),
    [
        ("Severity: Z\nProduct: Exchange Server SE", "Hello,"),
        ("Severity: Z\nLanguage: Japanese", "ご担当者様"),
        ("重大度： Z\n言語： 英語\n氏名： 佐藤", "Dear 佐藤,"),
    ],
)
def test_the_letter_is_in_the_sender_s_language(
    answering: Answering, words: str, greeting: str
) -> None:
    """In the one they name, else in the one that they write."""
    came(answering, mail(words, "Subject: Exchange"))

    assert body_of(letter(answering)).text.startswith(greeting)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("パートナー： 9999999\n", "foreign_partner"),
        ("サインイン： eve@other.example\n", "foreign_partner"),
        ("件名： " + "あ" * 251 + "\n", "invalid_data"),
    ],
)
def test_who_asks_for_others_is_told(answering: Answering, words: str, code: str) -> None:
    """Another's partner or agent, or a value that is too long, is told of by its label."""
    assert came(answering, mail(f"{words}{REQUEST}")).why == code

    assert f"・「{words.partition('：')[0]}」 " in body_of(letter(answering)).text


def test_who_sends_other_content_under_the_same_name_is_told(answering: Answering) -> None:
    """The request that was taken first stays as it is."""
    came(answering, mail())
    answering.answer()
    came(answering, mail(f"{REQUEST}!"))
    answering.answer()

    _, told = answering.letters()
    assert "(Message-ID)" in body_of(message_from_bytes(told, policy=policy.compat32)).text


def test_who_sends_too_much_is_told_how_much_is_taken(answering: Answering) -> None:
    """Only the beginning of the mail is kept; its sender is told of the limit."""
    take(answering.app, box_of(answering.app.letterbox), mail(), whole=False)

    assert "200,000 バイトまで" in body_of(letter(answering)).text


def test_an_answer_that_cannot_be_read_is_corrected_by_an_answer(answering: Answering) -> None:
    """The letter belongs to the request, and its form has every line of the answer once more."""
    request = lacking(answering)
    answering.answer()
    wrong = "重大度： Z\nサービス契約への同意： 同意します"
    came(answering, mail(wrong, "In-Reply-To: <m1@contoso.example>", number="m2"))
    answering.answer()

    told = message_from_bytes(answering.letters()[-1], policy=policy.compat32)
    said = body_of(told).text
    assert header(told, "Subject").startswith(f"Re: [{request}] ")
    assert "\n\n重大度：\nサービス契約への同意：\n-----" in said
    filled = said.replace("\n重大度：\n", "\n重大度：B\n").replace("同意：\n", "同意：はい\n")
    fate = came(answering, mail(filled, f"In-Reply-To: {header(told, 'Message-ID')}", number="m3"))
    assert (fate.request, fate.why) == (request, "completed")
    answering.settle()
    assert answering.story(request).line.severity == "B"


@pytest.mark.parametrize(
    "raw",
    [
        mail(WRONG, vouched=FORGED),
        mail(WRONG, vouched=""),
        mail(WRONG, sender="who@contoso.example"),
        mail(WRONG, "Auto-Submitted: auto-replied"),
        mail(WRONG, "From: Eve <eve@other.example>"),
    ],
    ids=["forged", "unproven", "unknown", "automatic", "two senders"],
)
def test_nobody_else_is_told_anything(answering: Answering, raw: bytes) -> None:
    """Neither whoever is not proven or not known, nor a machine."""
    assert came(answering, raw).state in {"quarantined", "ignored"}
    answering.answer()

    assert (answering.ends(), answering.letters()) == ([], [])


def test_what_came_by_another_way_is_no_mail(answering: Answering) -> None:
    """Whatever a file says of its sender, nobody is written to."""
    with pytest.raises(Malformed) as caught:
        from_data({"severity": "Z"}, f"mailto:{AGENT}", "m1@contoso.example")
    record(answering.app, "file", [Parsed(b"raw", caught.value)])
    answering.answer()

    assert answering.ends() == []


def test_the_same_mail_by_two_ways_is_told_of_once(
    answering: Answering, smtp_server: MailServer
) -> None:
    """It is kept twice, as it came; a letter that was written is not written for the other."""
    came(answering, mail(WRONG))
    came(answering, mail(WRONG, "Received: by another"))
    came(answering, mail(WRONG))
    answering.answer()

    assert answering.ends() == [("sent", None), ("dropped", "told_before")]
    assert len(answering.letters()) == len(smtp_server.wait(1)) == 1


class Ended(BaseException):
    """The process ends here."""


def test_a_mail_whose_process_ends_is_told_of_once(answering: Answering) -> None:
    """What was in quarantine before what became of the mail was written down stays one."""

    def end(name: str, request: str = "") -> None:
        if name == "mail.dealt":
            raise Ended(request)

    box = box_of(answering.app.letterbox)
    with pytest.raises(Ended):
        take(replace(answering.app, reach=end), box, mail(WRONG))
    answering.answer()
    assert take_up(answering.app, box) == 1
    answering.answer()

    assert answering.ends() == [("sent", None)]


def test_what_is_beyond_the_share_waits(answering: Answering) -> None:
    """The brake is that of every letter."""
    for name in ("m1", "m2", "m3", "m4"):
        came(answering, mail(WRONG, number=name))
    answering.answer()
    assert answering.ends() == [("sent", None)] * 3 + [(None, "too_many")]

    answering.time_passes(3_600)
    answering.answer()
    assert answering.ends() == [("sent", None)] * 4


def test_a_letter_that_was_put_off_goes_out_as_it_was(answering: Answering) -> None:
    """A resend is the bytes that were kept."""
    sign_in(answering, LATER)
    came(answering, mail(WRONG, sender=LATER))
    answering.answer()
    (first,) = answering.letters()
    answering.answer()

    assert answering.ends() == [(None, "smtp_451")]
    assert answering.letters() == [first]
    assert header(message_from_bytes(first, policy=policy.compat32), "To") == LATER


def test_what_was_released_before_is_answered_as_a_request(answering: Answering) -> None:
    """A person was quicker: the sender hears of the request, and not of the fault."""
    came(answering, mail(WRONG))
    repaired = Repaired(mail(REQUEST), "m1.eml")
    release(answering.app, number(answering), Word("sato", "corrected"), repaired)
    said = body_of(letter(answering)).text

    assert answering.ends() == [("dropped", "released"), ("sent", None)]
    assert "で受け付けました" in said


def test_who_is_no_agent_any_more_is_not_told(answering: Answering) -> None:
    """The directory is asked when the letter is written."""
    sign_in(answering, LATER)
    came(answering, mail(WRONG, sender=LATER))
    gone = text("DELETE FROM agents WHERE sign_in = :agent")
    answering.app.store.write(lambda db: db.execute(gone, {"agent": LATER}))
    answering.answer()

    assert answering.ends() == [("dropped", "foreign_address")]


def test_no_machine_s_address_is_written_to(answering: Answering) -> None:
    """Not even where the directory has it."""
    sign_in(answering, "noreply@contoso.example")
    came(answering, mail(WRONG, sender="noreply@contoso.example"))
    answering.answer()

    assert answering.ends() == [("dropped", "automatic_address")]


def test_nothing_secret_is_quoted(answering: Answering) -> None:
    """Neither what stands in a title, nor beside a label or in its brackets."""
    ids = f"アクセス ID({ACCESS_ID})： {ACCESS_ID}\n契約 ID： {CONTRACT_ID}\nパスワード： hunter2\n"
    came(answering, mail(f"{ids}重大度： Z", f"Subject: アクセス ID {ACCESS_ID} password=hunter2"))

    found = letter(answering)
    shown = f"{header(found, 'Subject')} {body_of(found).text}"
    assert "***" in shown
    assert not any(secret in shown for secret in (ACCESS_ID, CONTRACT_ID, "hunter2"))


def test_a_bounce_of_the_letter_belongs_to_nothing(answering: Answering) -> None:
    """It is ours, and no request's."""
    came(answering, mail(WRONG))
    name = header(letter(answering), "Message-ID")

    assert answering.app.store.read(lambda db: mails.is_ours(db, [name]))
    assert answering.app.store.read(lambda db: mails.request_of(db, [name])) is None
