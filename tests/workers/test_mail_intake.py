from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from adapters.outbound.mail.form import BELOW
from contracts.ids import request_id
from ledger import mails, quarantine, views
from ledger.mails import Standing
from ledger.tables import mails as table
from ledger.tables import requests
from sandbox.server import SandboxServer
from tests.builders import AGENT, PARTNER, onprem_data
from tests.driving import Driver, new_app
from tests.mailing import MAILBOX, REQUEST, TRUSTED, box_of, came, lacking, mail
from workers.mail_intake import MOST_TRIES, take, take_up

NUMBER = request_id(f"mailto:{AGENT}", "m1@contoso.example")
OTHER = """
partners:
  - id: "9999999"
    name: Other
    domain: other.example
    type: advisor
    membership: gold
    partner_features: true
    agents:
      - sign_in: eve@other.example
        roles: [admin_agent]
"""
EVE = "eve@other.example"
EVES = f"Authentication-Results: {TRUSTED}; dmarc=pass header.from=other.example"


@pytest.fixture(name="post")
def _post(
    tmp_path: Path, database_url: str, embedded_redis_url: str, sandbox: SandboxServer
) -> Iterator[Driver]:
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox, mailbox=MAILBOX)
    yield Driver(app, sandbox)
    app.close()


def sent(post: Driver, request: str, name: str = "out1@toritsugi.example") -> str:
    """Have sent a mail about a request."""
    raw = f"Message-ID: <{name}>".encode()
    post.app.store.write(
        lambda db: mails.keep(
            db,
            post.app.vault,
            raw,
            way="out",
            message_id=name,
            request=request,
            state="recorded",
        )
    )
    return name


def held(post: Driver) -> list[quarantine.Kept]:
    """Give what is in quarantine."""
    return post.app.store.read(quarantine.kept)


def told(post: Driver) -> list[str | None]:
    """Give whom each message that could not be read is answered to."""
    return [one.causesource for one in post.events() if "unreadable" in one.type]


def states(post: Driver) -> dict[str, str]:
    """Give the state of every mail that came, by its Message-ID."""
    query = select(table.c.message_id, table.c.state).where(table.c.way == "in")
    return {row.message_id: row.state for row in post.app.store.read(lambda db: db.execute(query))}


def count(post: Driver) -> int:
    """Give how many requests there are."""
    return sum(post.app.store.read(views.counts).values())


def test_an_agents_mail_becomes_a_ticket(post: Driver) -> None:
    """Its partner is the agent's only one; the request goes all the way."""
    assert came(post, mail()) == Standing("recorded", NUMBER, None)
    post.settle()

    line = post.story(NUMBER).line
    assert (line.state, line.partner, line.source) == ("submitted", PARTNER, f"mailto:{AGENT}")
    assert states(post) == {"m1@contoso.example": "recorded"}


def test_a_repeat_changes_nothing(post: Driver) -> None:
    """The same bytes, and the same mail by another way, are the first."""
    came(post, mail())

    assert came(post, mail()) == Standing("recorded", NUMBER, None)
    assert came(post, mail(REQUEST, "Received: by another")) == Standing(
        "recorded", NUMBER, "repeat"
    )
    assert count(post) == 1


def test_the_same_name_with_other_content_is_refused(post: Driver) -> None:
    """A Message-ID that was used is not taken for another request."""
    came(post, mail())

    assert came(post, mail(f"{REQUEST}!")) == Standing("quarantined", NUMBER, "id_reused")
    assert told(post) == [f"mailto:{AGENT}"]


def test_the_product_is_found_in_the_text(post: Driver) -> None:
    """Without a label, the one product that the text names is meant; the data stays as sent."""
    words = "Subject: Exchange Server 2019"
    fate = came(post, mail("DAG のメンバーが切り離されます。", words))

    product = select(requests.c.product)
    assert post.app.store.read(lambda db: db.execute(product).scalar()) == "exchange-server/2019"
    assert fate.state == "recorded"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (mail(vouched=""), "not_authentic"),
        (mail(vouched=f"Authentication-Results: {TRUSTED}; dmarc=fail"), "not_authentic"),
        (
            mail(vouched="Authentication-Results: mx.evil.example; dmarc=pass"
                 " header.from=contoso.example"),
            "not_authentic",
        ),
        (mail(sender="nobody@contoso.example"), "unknown_sender"),
        (mail(REQUEST, "From: other@contoso.example"), "unknown_sender"),
        (mail(sender="sato@contoso.example>, <eve@other.example"), "unknown_sender"),
        (b"", "unknown_sender"),
        (b"\xff\x00garbage", "unknown_sender"),
    ],
    ids=["no word", "failed", "another server", "no agent", "two headers", "two senders", "empty",
         "garbage"],
)  # fmt: skip
def test_nobody_is_believed_unproven(post: Driver, raw: bytes, why: str) -> None:
    """It is kept with the reason, and whoever is named as its sender hears nothing."""
    assert came(post, raw) == Standing("quarantined", None, why)
    assert [(one.channel, one.code) for one in held(post)] == [("mail", why)]
    assert (count(post), told(post)) == (0, [None])


def test_proof_may_be_given_up(post: Driver) -> None:
    """Where nobody from outside can write, everybody is believed, and still must be an agent."""
    box = replace(box_of(post.app.letterbox), trusts=None)

    assert take(post.app, box, mail(vouched="")).state == "recorded"
    assert take(post.app, box, mail(vouched="", sender=EVE)).why == "unknown_sender"


def test_nobody_writes_for_anothers_partner(post: Driver) -> None:
    """Neither partner nor agent may be somebody else's; the sender, who is proven, is told."""
    assert came(post, mail(f"パートナー： 9999999\n{REQUEST}")).why == "foreign_partner"
    assert came(post, mail(f"サインイン： {EVE}\n{REQUEST}", number="m2")).why == "foreign_partner"
    ours = mail(f"サインイン： help@contoso.example\n{REQUEST}", number="m3")
    assert came(post, ours).state == "recorded"
    assert told(post) == [f"mailto:{AGENT}"] * 2


def test_what_cannot_be_read_is_answered(post: Driver) -> None:
    """A wrong value goes into quarantine, and its sender hears what to correct."""
    assert came(post, mail("重大度： Z\n")).why == "invalid_data"
    assert told(post) == [f"mailto:{AGENT}"]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("Auto-Submitted: auto-replied", "auto-submitted"),
        ("Precedence: bulk", "precedence"),
        ("List-Unsubscribe: <mailto:x@y.example>", "list"),
        ("X-Loop: support@toritsugi.example", "loop"),
        ("Return-Path: <>", "return path"),
    ],
)
def test_what_a_machine_wrote_opens_nothing(post: Driver, header: str, why: str) -> None:
    """It is left alone with the reason, and never answered."""
    assert came(post, mail(REQUEST, header)) == Standing("ignored", None, why)
    assert (count(post), post.events()) == (0, [])


def test_a_forwarded_mail_is_a_persons(post: Driver) -> None:
    """A rule that passes mails on says auto-forwarded; a person wrote them."""
    assert came(post, mail(REQUEST, "Auto-Submitted: auto-forwarded")).state == "recorded"


def test_our_own_mails_are_loops(post: Driver) -> None:
    """By our address, by the domain of our Message-IDs, or by a mail that we sent."""
    came(post, mail())
    name = sent(post, NUMBER, "abc@elsewhere.example")

    ours = f"Message-ID: <{name}>"
    assert came(post, mail(sender="support@toritsugi.example")).why == "own address"
    assert came(post, mail(REQUEST, ours, number="")).why == "own message"
    again = mail(REQUEST, "Message-ID: <x@Toritsugi.example>", number="")
    assert came(post, again) == Standing("ignored", None, "own message")


BOUNCE = """\
--b
Content-Type: text/plain

Undeliverable
--b
Content-Type: %s

Message-ID: <%s>
Subject: %s

text
--b--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_of_ours_belongs_to_its_request(post: Driver, kind: str) -> None:
    """It is attached to the request that our mail was about; a bounce of others to none."""
    came(post, mail())
    name = sent(post, NUMBER)
    header = "Content-Type: multipart/report; boundary=b; report-type=delivery-status"

    def bounce(name: str) -> bytes:
        raw = mail(
            BOUNCE % (kind, name, NUMBER), header, number="b1", sender="MAILER-DAEMON@x.example"
        )
        return raw.replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"", 1)

    assert came(post, bounce(name)) == Standing("attached", NUMBER, "report")
    assert came(post, bounce("m1@contoso.example")) == Standing("ignored", None, "report")
    assert count(post) == 1


def test_an_answer_completes_its_request(post: Driver) -> None:
    """The labelled lines above the quoted mail are the fields; the request goes on with them."""
    request = lacking(post)
    name = sent(post, request)
    answer = mail(
        "サービス契約への同意： 同意します\n\n-----Original Message-----\n契約： other\n",
        f"In-Reply-To: <{name}>",
        number="m2",
    )

    assert came(post, answer) == Standing("recorded", request, "completed")
    post.settle()
    assert post.story(request).line.state == "submitted"
    assert came(post, answer + b"\r\n") == Standing("recorded", request, "repeat")
    assert count(post) == 1


@pytest.mark.parametrize("mark", ["> ", "", ">"])
@pytest.mark.parametrize(
    "head", ["2026年11月22日(日) 9:30 Support <s@t.example>:", "差出人: S\n送信日時: x\n件名: 題"]
)
def test_a_form_may_be_filled_in_where_it_is(post: Driver, mark: str, head: str) -> None:
    """Whoever writes into the form of our letter, quoted or not, has filled it in all the same."""
    request = lacking(post)
    letter = [
        "佐藤 様", "", "情報が不足しています。", "", "サービス契約への同意(はい・いいえ)：はい",
        "契約：other", "", BELOW["ja"], "", "重大度(A・B・C)：A", "契約：other",
    ]  # fmt: skip
    text = "\n".join(["よろしく。", "", head, "", *(f"{mark}{line}" for line in letter)])
    answer = mail(text, "In-Reply-To: <m1@contoso.example>", number="m2")

    assert came(post, answer) == Standing("recorded", request, "completed")
    post.settle()
    line = post.story(request).line
    assert (line.state, line.contract, line.severity) == ("submitted", "gold-2026", "C")


@pytest.mark.parametrize(
    "header",
    [
        "References: <x@y.example> <m1@contoso.example>\r\n <unknown@z.example>",
        "In-Reply-To: <m1@contoso.example>",
        f"Subject: Re: [{NUMBER}] incomplete",
        f"Subject: RE: {NUMBER.lower()}",
    ],
    ids=["references", "in reply to", "subject", "subject in lower case"],
)
def test_a_thread_is_found(post: Driver, header: str) -> None:
    """By the mails it answers, or by our number in the subject."""
    request = lacking(post)

    answer = mail("サービス契約への同意： 同意する", header, number="m2")
    assert came(post, answer) == Standing("recorded", request, "completed")


def test_a_request_of_another_way_is_completed_by_its_contact(post: Driver) -> None:
    """Whom a request names for its answers may give what it lacks."""
    data = onprem_data(consents={}, reply_to={"email": "help@contoso.example"})
    receipt = post.send(data)
    post.settle()
    request = receipt.request or ""
    name = sent(post, request)
    answer = mail(
        "サービス契約への同意： 同意する", f"In-Reply-To: <{name}>", sender="help@contoso.example"
    )

    assert came(post, answer) == Standing("recorded", request, "completed")
    post.settle()
    assert post.story(request).line.state == "submitted"


def test_files_of_an_answer_join_those_of_the_request(post: Driver) -> None:
    """What was attached before stays."""
    data = onprem_data(consents={}, attachments=[{"name": "a.txt", "content": "YQ=="}])
    receipt = post.send(data)
    post.settle()
    name = sent(post, receipt.request or "")
    parts = (
        "--b\nContent-Type: text/plain; charset=utf-8\n\nサービス契約への同意： 同意する\n--b\n"
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=b.txt\n\nb\n--b--\n"
    )
    raw = mail(parts, "Content-Type: multipart/mixed; boundary=b", f"In-Reply-To: <{name}>")
    answer = raw.replace(b"Content-Type: text/plain; charset=utf-8\r\n", b"", 1)

    assert came(post, answer).why == "completed"
    body = post.app.store.read(lambda db: db.execute(select(requests.c.body)).scalar())
    assert body is not None
    assert [one["name"] for one in body["attachments"]] == ["a.txt", "b.txt"]


def test_other_answers_are_attached(post: Driver) -> None:
    """Thanks, and words to a request that lacks nothing, open no other and change none."""
    came(post, mail())
    post.settle()
    thanks = mail("ありがとうございます。", "In-Reply-To: <m1@contoso.example>", number="m2")
    fields = mail("重大度： A", "In-Reply-To: <m1@contoso.example>", number="m3")

    assert came(post, thanks) == Standing("attached", NUMBER, "the request is submitted")
    assert came(post, fields) == Standing("attached", NUMBER, "the request is submitted")
    assert count(post) == 1


def test_a_wrong_value_in_an_answer_is_told_to_who_wrote_it(post: Driver) -> None:
    """The request stays as it is, and the answer's sender hears what to correct."""
    request = lacking(post)
    wrong = mail("重大度： Z", "In-Reply-To: <m1@contoso.example>", number="m2")
    foreign = mail("パートナー： 9999999", "In-Reply-To: <m1@contoso.example>", number="m3")

    assert came(post, wrong).why == "invalid_data"
    assert came(post, foreign).why == "foreign_partner"
    assert told(post) == [f"mailto:{AGENT}"] * 2
    assert post.story(request).line.state == "incomplete"


def test_nobody_completes_anothers_request(post: Driver) -> None:
    """Another partner's agent who knows the mails or the number changes nothing of it."""
    request = lacking(post)
    post.app.store.write(
        lambda db: db.execute(
            text("INSERT INTO partners VALUES ('9999999','Other',NULL,'advisor','gold',:yes)"),
            {"yes": True},
        )
    )
    post.app.store.write(
        lambda db: db.execute(text(f"INSERT INTO agents VALUES ('9999999','{EVE}','[]','[]')"))
    )
    field = "サービス契約への同意： 同意する"

    by_thread = mail(field, "In-Reply-To: <m1@contoso.example>", sender=EVE, vouched=EVES)
    by_number = mail(field, f"Subject: {request}", number="m3", sender=EVE, vouched=EVES)
    assert came(post, by_thread) == Standing("attached", request, "no party to the request")
    fate = came(post, by_number)
    assert fate.state == "recorded"
    assert fate.request not in {None, request}
    assert post.story(request).line.state == "incomplete"


def test_a_stranger_in_a_thread_is_quarantined(post: Driver) -> None:
    """Whoever is neither agent nor named by the request is not let in by a reference."""
    lacking(post)
    raw = mail("x", "In-Reply-To: <m1@contoso.example>", sender="who@contoso.example")

    assert came(post, raw).why == "unknown_sender"


def test_the_beginning_of_a_mail_that_is_too_large(post: Driver) -> None:
    """It is kept, and only a proven sender hears that it was too large."""
    box = box_of(post.app.letterbox)

    assert take(post.app, box, mail(), whole=False).why == "too_large"
    assert take(post.app, box, mail(vouched=""), whole=False).why == "not_authentic"
    assert told(post) == [f"mailto:{AGENT}", None]
    assert count(post) == 0


def test_what_was_kept_is_taken_up(post: Driver) -> None:
    """A mail whose process ended before it was dealt with is dealt with by the next."""
    post.app.store.write(
        lambda db: mails.keep(db, post.app.vault, mail(), way="in", message_id=None)
    )

    assert take_up(post.app, box_of(post.app.letterbox)) == 1
    assert (count(post), states(post)) == (1, {"m1@contoso.example": "recorded"})
    assert take_up(post.app, box_of(post.app.letterbox)) == 0


class Ended(BaseException):
    """The process ends here."""


def test_a_mail_that_ends_its_process_is_put_away(post: Driver) -> None:
    """After some tries it is quarantined, so that it does not end every process for ever."""

    def end(name: str, request: str = "") -> None:
        if name == "mail.dealt":
            raise Ended(request)

    dying = replace(post.app, reach=end)
    box = box_of(post.app.letterbox)
    for _ in range(MOST_TRIES + 1):
        with pytest.raises(Ended):
            take(dying, box, mail())

    assert take(post.app, box, mail()).why == "invalid_data"
    assert count(post) == 1


def test_a_fault_of_ours_costs_one_mail(post: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks, the mail is quarantined with the reason, and the next one passes."""

    def breaks(*_: object) -> NoReturn:
        raise RecursionError

    with monkeypatch.context() as patch:
        patch.setattr("workers.mail_intake.asked", breaks)
        assert came(post, mail()).why == "invalid_data"
    assert "RecursionError" in held(post)[0].message
    assert came(post, mail(number="m2")).state == "recorded"


def test_a_database_that_is_away_costs_no_mail(
    post: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail stays kept, and is dealt with later."""

    def away(*_: object) -> NoReturn:
        raise OperationalError("", {}, Exception())

    with monkeypatch.context() as patch:
        patch.setattr("workers.mail_intake.asked", away)
        with pytest.raises(OperationalError):
            came(post, mail())
    assert held(post) == []
    assert came(post, mail()).state == "recorded"
