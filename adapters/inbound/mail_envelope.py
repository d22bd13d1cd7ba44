"""What a mail says of itself before anybody reads its text: who, and in which thread.

Believes nothing of it: whether the sender is who it says is asked elsewhere. Never raises on what
a header holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from adapters.inbound.mail_automatic import automatic_because, is_bounce
from adapters.inbound.mail_headers import head_of, header, headers, sole_address, taken_apart

_ID = re.compile(r"<([^<>\s]{1,998})>")
_NUMBER = re.compile(r"\bTR-[0-9A-HJKMNP-TV-Z]{16}\b", re.IGNORECASE)
_MOST_IDS = 100
_MOST_PARTS = 500


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail's sender, name and thread."""

    sender: str | None
    """None unless one From header names exactly one address."""
    message_id: str | None
    thread: tuple[str, ...]
    """Message-IDs it answers, the nearest first, without brackets."""
    numbers: tuple[str, ...]
    """Request numbers in its subject."""
    automatic: str | None
    """Which sign says that a machine wrote it."""
    returned: tuple[str, ...]
    """Message-IDs of the mails that a bounce gives back."""
    results: tuple[str, ...]
    """Its Authentication-Results, the topmost first, unfolded."""
    internal: tuple[str, ...]
    """What Exchange says of how its own sender signed in."""


def message_id_of(raw: bytes) -> str | None:
    """Give the name of a mail of which nothing else may be readable."""
    return next(iter(_ids(header(head_of(raw), "Message-ID"))), None)


def envelope_of(mail: Message) -> Envelope:
    because = automatic_because(mail)
    thread = tuple(_thread(mail))
    return Envelope(
        sender=sole_address(mail, "From"),
        message_id=next(iter(_ids(header(mail, "Message-ID"))), None),
        thread=thread,
        numbers=tuple(found.upper() for found in _NUMBER.findall(header(mail, "Subject"))),
        automatic=because,
        returned=tuple(_returned(mail, thread)) if because else (),
        results=tuple(headers(mail, "Authentication-Results")),
        internal=tuple(headers(mail, "X-MS-Exchange-Organization-AuthAs")),
    )


def _ids(text: str) -> list[str]:
    return _ID.findall(text)


def _thread(mail: Message) -> Iterator[str]:
    yield from _ids(header(mail, "In-Reply-To"))[:_MOST_IDS]
    yield from reversed(_ids(header(mail, "References"))[-_MOST_IDS:])


def _returned(mail: Message, thread: tuple[str, ...]) -> Iterator[str]:
    """Name the mails within a report; a bounce without any answers the mail that it is about."""
    found = False
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "text/rfc822-headers":
            inner = part.get_payload(decode=True)
            mails = [taken_apart(inner)] if isinstance(inner, bytes) else []
        elif kind.startswith("message/rfc822"):
            payload = part.get_payload()
            mails = [one for one in payload if isinstance(one, Message)] if payload else []
        else:
            continue
        for one in mails:
            for name in _ids(header(one, "Message-ID"))[:1]:
                found = True
                yield name
    if not found and is_bounce(mail):
        yield from thread


def _parts(mail: Message) -> Iterator[Message]:
    """Go through the parts without going into each other's depths for ever."""
    waiting, seen = [mail], 0
    while waiting and seen < _MOST_PARTS:
        part = waiting.pop()
        seen += 1
        yield part
        payload = part.get_payload()
        if part.is_multipart() and payload:
            waiting.extend(one for one in payload if isinstance(one, Message))
