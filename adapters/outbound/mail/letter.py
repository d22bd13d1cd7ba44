"""A letter as bytes: the text with the headers that make it an automatic answer in its thread.

Never lets what a person wrote add a header, and never draws anything by chance: the same letter is
the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from adapters.outbound.mail.about import About, one_line

MOST_REFERENCES = 20
LONGEST_ID = 250
LONGEST_DESK = 80
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")
_EMPTY_FIRST = re.compile(rb"^([A-Za-z-]+):\r\n[ \t]", re.MULTILINE)
_POLICY = SMTP.clone(max_line_length=76, utf8=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom, to whom, where in which thread; ids without their angle brackets."""

    sender: str
    """As in `取次窓口 <support@toritsugi.example>`."""
    receiver: str
    message_id: str
    date: datetime
    answers: str | None = None
    """The mail that this one answers."""
    thread: Sequence[str] = ()
    """The mails before it, oldest first."""


def compose(envelope: Envelope, about: About, text: str) -> bytes:
    """Give the mail; raise `ValueError` for an address that cannot stand in a header."""
    mail = EmailMessage(_POLICY)
    mail["From"] = _address(envelope.sender)
    mail["To"] = _address(envelope.receiver)
    mail["Subject"] = subject(about)
    mail["Date"] = format_datetime(envelope.date)
    mail["Message-ID"] = f"<{envelope.message_id}>"
    before = _known(envelope.thread)
    if envelope.answers in before:
        mail["In-Reply-To"] = f"<{envelope.answers}>"
    if before:
        mail["References"] = " ".join(f"<{one}>" for one in before)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text, cte="7bit" if text.isascii() else "base64")
    mail["Content-Language"] = about.language
    head, end, rest = mail.as_bytes().partition(b"\r\n\r\n")
    # A header that begins on its second line is right, and more than some programs understand.
    return _EMPTY_FIRST.sub(rb"\1: ", head) + end + rest


def subject(about: About) -> str:
    """Give `Re: [number] title`; the number finds the request when a program drops the thread."""
    return f"Re: [{about.number}] {about.title}".rstrip()


def address_of(sender: str) -> str:
    """Give the address alone."""
    return parseaddr(sender)[1]


def desk_of(sender: str) -> str:
    """Give the name that letters are signed with."""
    return one_line(parseaddr(sender)[0], LONGEST_DESK) or address_of(sender)


def deliverable(address: str) -> str:
    """Give the address as mail servers take it, its domain in ASCII; raise `ValueError`."""
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or any(sign.isspace() for sign in address):
        raise ValueError("is no address that a mail can be sent to")
    return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"


def _address(written: str) -> Address:
    name, address = parseaddr(written)
    local, _, domain = deliverable(address).rpartition("@")
    return Address(one_line(name, LONGEST_DESK), local, domain)


def _known(thread: Sequence[str]) -> list[str]:
    """Give the ids that may stand in a header: the first, which names the thread, and the last."""
    fitting = [one for one in thread if len(one) <= LONGEST_ID and _ID.fullmatch(one)]
    once = list(dict.fromkeys(fitting))
    return once if len(once) <= MOST_REFERENCES else [once[0], *once[1 - MOST_REFERENCES :]]
