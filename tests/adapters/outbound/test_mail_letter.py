from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.mail_body import body_of
from adapters.inbound.mail_headers import header
from adapters.outbound.mail.about import about
from adapters.outbound.mail.letter import (
    MOST_REFERENCES,
    Envelope,
    address_of,
    compose,
    desk_of,
)
from tests.adapters.outbound.letters import AT, NUMBER, letter_about

ENVELOPE = Envelope(
    sender="サポート取次窓口 <support@toritsugi.example>",
    receiver="sato@contoso.example",
    message_id="3f9a@toritsugi.example",
    date=AT,
    answers="two@contoso.example",
    thread=("one@contoso.example", "two@contoso.example"),
)
NAMES = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
    "Content-Language",
]
ANYTHING = st.text(st.characters(codec=None), max_size=400)


def read(raw: bytes) -> Message:
    """Read a mail as our own way in does."""
    return message_from_bytes(raw, policy=policy.compat32)


def test_a_letter_answers_in_its_thread() -> None:
    """To whom wrote, in reply to their last mail, marked as automatic, with no List header."""
    mail = read(compose(ENVELOPE, letter_about(), "こんにちは。\n"))

    assert mail.keys() == NAMES
    assert header(mail, "From") == "サポート取次窓口 <support@toritsugi.example>"
    assert mail["To"] == "sato@contoso.example"
    assert header(mail, "Subject") == f"Re: [{NUMBER}] 仮想マシンが起動しない"
    assert mail["Message-ID"] == "<3f9a@toritsugi.example>"
    assert mail["In-Reply-To"] == "<two@contoso.example>"
    assert mail["References"] == "<one@contoso.example> <two@contoso.example>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Date"] == "Mon, 30 Nov 2026 06:15:00 +0000"
    assert body_of(mail).text == "こんにちは。"


def test_the_same_letter_is_the_same_bytes() -> None:
    """Nothing is drawn by chance, so a letter composed again is the one that was sent."""
    first, again = (compose(ENVELOPE, letter_about(), "同じ\n") for _ in range(2))

    assert first == again


def test_a_mail_that_answers_nothing_says_so() -> None:
    """Without a mail before it a letter begins a thread."""
    first = replace(ENVELOPE, answers=None, thread=())
    mail = read(compose(first, letter_about(), "a\n"))

    assert "In-Reply-To" not in mail
    assert "References" not in mail


@pytest.mark.parametrize(
    "title",
    [
        f"Re: [{NUMBER}] 件名",
        f"RE: Fwd: Re[2]: [{NUMBER}] 件名",
        "返信： 件名",
        f"[{NUMBER}] Re: 件名",
    ],
)
def test_prefixes_stand_once(title: str) -> None:
    """However often a subject went to and fro, it has one `Re:` and one number."""
    mail = read(compose(ENVELOPE, about(NUMBER, {"title": title}), "a\n"))

    assert header(mail, "Subject") == f"Re: [{NUMBER}] 件名"


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    """References stay short; the first names the thread, and odd ids are left out."""
    thread = (*(f"{number}@x" for number in range(50)), "no id", "a>\r\nBcc: b@x", "é@x")
    mail = read(compose(replace(ENVELOPE, answers="49@x", thread=thread), letter_about(), "a\n"))

    references = mail["References"].split()
    assert len(references) == MOST_REFERENCES
    assert (references[0], references[-1]) == ("<0@x>", "<49@x>")


@pytest.mark.parametrize("receiver", ["", "nobody", "a b@x.example", "@x.example", "a@"])
def test_what_is_no_address_gets_nothing(receiver: str) -> None:
    """A letter to what cannot be an address is an error before anything is sent."""
    with pytest.raises(ValueError, match="no address"):
        compose(replace(ENVELOPE, receiver=receiver), letter_about(), "a\n")


def test_a_domain_of_other_letters_is_written_in_ascii() -> None:
    """A Japanese domain goes into the header as mail servers know it."""
    mail = read(compose(replace(ENVELOPE, receiver="sato@例え.jp"), letter_about(), "a\n"))

    assert mail["To"] == "sato@xn--r8jz45g.jp"


def test_we_sign_with_our_name() -> None:
    """The sender's name signs letters; without one the address does."""
    assert desk_of(ENVELOPE.sender) == "サポート取次窓口"
    assert desk_of("support@toritsugi.example") == "support@toritsugi.example"
    assert address_of(ENVELOPE.sender) == "support@toritsugi.example"


@given(title=ANYTHING, name=ANYTHING, ids=st.lists(ANYTHING, max_size=4))
def test_nothing_a_person_wrote_adds_a_header(title: str, name: str, ids: list[str]) -> None:
    """Whatever the title, the name or a thread's ids hold, the headers are ours and are short."""
    request = about(NUMBER, {"title": title, "contact": {"name": name}})
    raw = compose(replace(ENVELOPE, answers=ids[0] if ids else None, thread=ids), request, "a\n")
    mail = read(raw)

    assert set(mail.keys()) <= set(NAMES)
    assert len(set(mail.keys())) == len(mail.keys())
    assert header(mail, "Subject") == f"Re: [{NUMBER}] {request.title}".rstrip()
    assert body_of(mail).text == "a"
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998
    assert raw.isascii()
    strict = message_from_bytes(raw, policy=policy.default)
    assert isinstance(strict, EmailMessage)
    assert strict.defects == []


def test_no_header_begins_on_its_second_line() -> None:
    """A name, an id or a thread that is too long for a line stands beside its header's name."""
    long = replace(ENVELOPE, message_id=f"{'0' * 48}@toritsugi.example", thread=["1" * 70 + "@x"])
    head = compose(long, letter_about(), "a\n").partition(b"\r\n\r\n")[0]

    assert b":\r\n" not in head
    assert f"Message-ID: <{'0' * 48}@toritsugi.example>\r\n".encode() in head
