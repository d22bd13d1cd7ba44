from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.inbound.mail_body import body_of
from adapters.inbound.mail_headers import header
from contracts.codec import from_data
from contracts.incoming import Parsed
from ledger import mails
from sandbox.server import SandboxServer
from tests.answering import OPENING, SENDER, Answering
from tests.builders import ACCESS_ID, AGENT, CONTRACT_ID, onprem_data
from tests.driving import new_app
from tests.mail_server import MailServer
from workers.delivered import PATIENCE_S, WAITS_S
from workers.record import record


@pytest.fixture
def answering(
    tmp_path: Path,
    database_url: str,
    embedded_redis_url: str,
    sandbox: SandboxServer,
    smtp_server: MailServer,
) -> Iterator[Answering]:
    """Give an app that answers through the mail server."""
    smtp = {"host": "127.0.0.1", "port": smtp_server.port, "security": "none", "sender": SENDER}
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox, smtp={**smtp, "per_hour": 6})
    yield Answering(app, sandbox)
    app.close()


def data(**fields: Any) -> dict[str, Any]:
    """Give a request whose sender asks for answers by mail."""
    return onprem_data(reply_to={"email": AGENT}, **fields)


def read(raw: bytes) -> Message:
    """Read a mail as our own way in does."""
    return message_from_bytes(raw, policy=policy.compat32)


def test_a_request_is_answered_until_its_ticket(
    answering: Answering, smtp_server: MailServer
) -> None:
    """Accepted, then the ticket's number: to the sender, in one thread that theirs began."""
    request = answering.by_mail(data())
    answering.settle()
    answering.answer()

    arrived = {header(read(one), "Message-ID"): read(one) for one in smtp_server.wait(2)}
    first, second = (arrived[header(read(one), "Message-ID")] for one in answering.letters())
    number = answering.story(request).line.ticket
    assert answering.ends() == [("sent", None), ("sent", None)]
    assert f"{request} で受け付けました。" in body_of(first).text
    assert number is not None
    assert number in body_of(second).text
    assert header(first, "Envelope-to") == AGENT
    assert header(first, "In-Reply-To") == header(second, "In-Reply-To") == f"<{OPENING}>"
    assert header(first, "References") == f"<{OPENING}>"
    assert header(second, "References") == f"<{OPENING}> {header(first, 'Message-ID')}"
    assert header(second, "Subject") == f"Re: [{request}] {data()['title']}"


def test_an_answer_finds_its_request(answering: Answering) -> None:
    """Each letter is kept under its Message-ID, by which answers to it are known."""
    request = answering.by_mail(data())
    answering.answer()

    (letter,) = answering.letters()
    name = header(read(letter), "Message-ID")
    assert answering.app.store.read(lambda db: mails.request_of(db, [name])) == request
    assert answering.app.store.read(lambda db: mails.is_ours(db, [name]))


def test_answers_to_what_came_otherwise_are_a_thread(
    answering: Answering, smtp_server: MailServer
) -> None:
    """A request by HTTP has no mail to answer: our first letter begins the thread."""
    answering.file(data())
    answering.answer()

    first, second = (read(one) for one in answering.letters())
    assert "In-Reply-To" not in first
    assert header(second, "In-Reply-To") == header(first, "Message-ID")
    assert len(smtp_server.wait(2)) == 2


def test_a_completion_s_mail_is_the_one_answered(answering: Answering) -> None:
    """The next letter answers the last mail that its sender wrote."""
    request = answering.by_mail(data(severity="B", product=None))
    answering.settle()
    answering.answer()
    more = from_data({"product": "exchange-server/se"}, f"mailto:{AGENT}", "second@contoso.example")
    record(answering.app, "mail", [Parsed(b"more", replace(more, subject=request))])
    answering.settle()
    answering.answer()

    *before, last = (read(one) for one in answering.letters())
    assert header(last, "In-Reply-To") == "<second@contoso.example>"
    names = [f"<{OPENING}>", *(header(one, "Message-ID") for one in before)]
    assert header(last, "References").split() == [*names, "<second@contoso.example>"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("victim@elsewhere.example", "foreign_address"),
        ("x@notcontoso.example", "foreign_address"),
        ("support@toritsugi.example", "own_address"),
        ("Support@Toritsugi.example", "own_address"),
        ("noreply@contoso.example", "automatic_address"),
        ("MAILER-DAEMON@contoso.example", "automatic_address"),
    ],
)
def test_whom_nobody_may_have_us_write_to(
    answering: Answering, smtp_server: MailServer, address: str, code: str
) -> None:
    """Strangers, ourselves and machines get no letter, whoever names them."""
    answering.send({**data(), "reply_to": {"email": address}})
    answering.answer()

    assert answering.ends() == [("dropped", code)]
    assert answering.letters() == []
    assert smtp_server.arrived() == []


@pytest.mark.parametrize(
    "address", [AGENT.upper(), "desk@contoso.example", "desk@osaka.contoso.example"]
)
def test_whom_the_partner_vouches_for(answering: Answering, address: str) -> None:
    """Agents, and addresses within the partner's domain."""
    answering.send({**data(), "reply_to": {"email": address}})
    answering.answer()

    assert answering.ends() == [("sent", None)]


def test_a_stranger_s_agent_is_a_stranger(answering: Answering) -> None:
    """Whoever names a victim as agent gets them no letter."""
    stranger = "victim@elsewhere.example"
    answering.send({**data(), "agent": stranger, "reply_to": {"email": stranger}})
    answering.answer()

    assert answering.ends() == [("dropped", "foreign_address")]


def test_who_wrote_a_mail_is_answered_there(answering: Answering) -> None:
    """A Reply-To that leads to a stranger is passed over for the proven sender."""
    own = "sato@elsewhere.example"
    answering.by_mail({**data(), "reply_to": {"email": "victim@third.example"}}, sender=own)
    answering.answer()

    (letter,) = answering.letters()
    assert header(read(letter), "To") == own


def test_a_file_s_sender_is_nobody_s_word(answering: Answering) -> None:
    """What a file says of its sender proves nothing."""
    own = "victim@elsewhere.example"
    incoming = from_data({**data(), "reply_to": {"email": own}}, f"mailto:{own}", OPENING)
    record(answering.app, "file", [Parsed(b"raw", incoming)])
    answering.answer()

    assert answering.ends() == [("dropped", "foreign_address")]


def test_what_is_beyond_the_share_waits_for_room(answering: Answering) -> None:
    """Within any hour an address gets its share, others get theirs, and nothing is lost."""
    for number in range(8):
        answering.send(data(), str(number))
    answering.send({**data(), "reply_to": {"email": "desk@contoso.example"}}, "other")
    answering.answer()
    assert answering.ends().count((None, "too_many")) == 2
    assert answering.ends().count(("sent", None)) == 7
    assert answering.ends()[8] == ("sent", None)

    answering.time_passes(3_500)
    answering.answer()
    assert answering.ends().count((None, "too_many")) == 2
    assert answering.attempts() == [1] * 6 + [0] * 2 + [1]

    answering.time_passes(100)
    answering.answer()
    assert answering.ends() == [("sent", None)] * 9
    assert len({header(read(one), "Message-ID") for one in answering.letters()}) == 9


def test_a_letter_that_is_kept_needs_no_more_room(
    answering: Answering, smtp_server: MailServer
) -> None:
    """Put off by the server, it goes out as it is, however full the hour has become."""
    late = "later@contoso.example"
    for number in range(6):
        answering.send({**data(), "reply_to": {"email": late}}, str(number))
    answering.answer()
    answering.answer()

    assert answering.ends() == [(None, "smtp_451")] * 6
    assert answering.attempts() == [2] * 6
    assert (len(answering.letters()), smtp_server.arrived()) == (6, [])


def test_what_waits_for_room_too_long_is_given_up(answering: Answering) -> None:
    """After three days each try counts, as for any delivery."""
    for number in range(7):
        answering.send(data(), str(number))
    answering.answer()
    told = text("UPDATE outbox SET created_at = created_at - :most")
    most = {"most": round(PATIENCE_S) * 1_000}
    answering.app.store.write(lambda db: db.execute(told, most))
    for _ in range(len(WAITS_S) + 1):
        assert answering.ends()[6] == (None, "too_many")
        answering.answer()

    assert answering.ends()[6] == ("given_up", "too_many")


def test_a_server_that_puts_off_is_asked_again(
    answering: Answering, smtp_server: MailServer
) -> None:
    """4xx waits; the letter that goes out later is the one that was kept."""
    answering.send({**data(), "reply_to": {"email": "later@contoso.example"}})
    answering.answer()
    assert answering.ends() == [(None, "smtp_451")]

    (first,) = answering.letters()
    answering.answer()
    assert answering.letters() == [first]
    assert smtp_server.arrived() == []


def test_a_receiver_that_is_not_there_is_given_up(answering: Answering) -> None:
    """5xx is an answer: the server's code is kept with the delivery."""
    answering.send({**data(), "reply_to": {"email": "gone@contoso.example"}})
    answering.answer()

    assert answering.ends() == [("given_up", "smtp_550")]


def test_no_secret_is_in_a_letter(answering: Answering, smtp_server: MailServer) -> None:
    """Ids in fields or in a title's prose reach no letter, kept or sent."""
    title = f"アクセス ID: {ACCESS_ID} が使えない"
    ids = {"title": title, "access_id": ACCESS_ID, "contract_id": CONTRACT_ID}
    answering.send(data(**ids), "filed")
    answering.send(data(**{**ids, "product": None}), "incomplete")
    answering.send(data(**{**ids, "route": "azure"}), "rejected")
    answering.settle()
    answering.answer()

    letters = [*answering.letters(), *smtp_server.wait(len(answering.letters()))]
    shown = [f"{header(read(one), 'Subject')} {body_of(read(one)).text}" for one in letters]
    assert len(shown) == 12
    assert all(ACCESS_ID not in one and CONTRACT_ID not in one for one in shown)
    assert any("***" in one for one in shown)


def test_a_replay_mails_nobody_again(answering: Answering, smtp_server: MailServer) -> None:
    """Events that are published once more were routed before."""
    answering.send(data())
    answering.answer()
    answering.send(data())
    answering.answer()

    assert len(answering.letters()) == 1
    assert len(smtp_server.wait(1)) == 1
