"""A mail (RFC 5322 bytes) to a support request: labelled lines, else subject and text.

An answer to us is read for its labelled lines alone.

No mail whatever raises; the sender's address is the agent unless a label says otherwise, and the
partner stays open unless a label names it. Never follows a link, never decides who may file.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from adapters.inbound.fields import NameConflict
from adapters.inbound.label_values import form_data
from adapters.inbound.labelled_lines import LabelledText, read_lines
from adapters.inbound.mail_body import Body, body_of
from adapters.inbound.mail_headers import address, header, taken_apart
from adapters.inbound.mail_quote import filled_in_below
from adapters.outbound.mail.form import BELOW
from contracts.cloud_event import LONGEST_KEY
from contracts.codec import from_data
from contracts.ids import content_hash
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Fault, Malformed
from contracts.redaction import redact_text

MAIL_LIMIT = 32 * 1_048_576
_LONGEST_TITLE = 250
_LONGEST_TEXT = 30_000
_CUT = "\n[…]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody wrote back: fields above the quoted mail, files, and the rest of the words."""

    key: str
    given: Mapping[str, Any] = field(repr=False)
    in_form: Mapping[str, Any] = field(repr=False)
    """What was filled in within the form of the mail that is answered."""
    attachments: list[dict[str, Any]] = field(repr=False)
    text: str = field(repr=False)


def parse_mail(raw: bytes, name: str = "", *, limit: int = MAIL_LIMIT) -> list[Parsed]:
    """Give one item; `name` is not needed, a mail has its own number."""
    del name
    try:
        return [Parsed(raw, _read(raw, limit))]
    except Malformed as fault:
        return [Parsed(raw, fault)]
    except Exception as error:  # noqa: BLE001 (the mail library raises what it likes)
        words = f"could not be taken apart ({type(error).__name__}); read it by hand"
        return [Parsed(raw, Malformed("invalid_data", Fault("mail", words)))]


def parse_answer(raw: bytes) -> Answer:
    """Read what a mail brings to a request that is there; raise Malformed."""
    mail = taken_apart(raw)
    body = body_of(mail)
    key = _key(mail, body)
    labelled = read_lines(body.text)
    try:
        given = form_data(labelled.fields.items())
    except NameConflict as conflict:
        raise _conflict(conflict).known_as("", key) from None
    return Answer(key, given, _in_form(body.text), body.attachments, "\n".join(labelled.rest))


def _in_form(text: str) -> Mapping[str, Any]:
    fields = read_lines(filled_in_below(text, BELOW.values())).fields
    # Above the mail below, its own subject is told.
    fields.pop("title", None)
    try:
        return form_data(fields.items())
    except NameConflict:
        return {}


def _conflict(conflict: NameConflict) -> Malformed:
    words = "is given as a value and as a group; keep one of them"
    return Malformed("invalid_data", Fault(f"data.{conflict}", words))


def _read(raw: bytes, limit: int) -> Incoming:
    if len(raw) > limit:
        words = f"has {len(raw):,} bytes; at most {limit:,} are taken: send files by their address"
        raise Malformed("too_large", Fault("mail", words))
    mail = taken_apart(raw)
    sender = address(mail, "From") or address(mail, "Sender") or address(mail, "Return-Path")
    if sender is None:
        raise Malformed("not_an_event", Fault("From", "has no address; a request needs a sender"))
    body = body_of(mail)
    source = f"mailto:{sender}"
    labelled = read_lines(body.text)
    key = _key(mail, body)
    try:
        data = _data(mail, body, labelled, sender)
    except NameConflict as conflict:
        raise _conflict(conflict).known_as(source, key) from None
    return from_data(data, source, key)


def _data(mail: Message, body: Body, labelled: LabelledText, sender: str) -> dict[str, Any]:
    data = {"agent": sender, **form_data(labelled.fields.items())}
    attachments = list(body.attachments)
    if "title" not in data:
        data["title"] = _shortened(header(mail, "Subject"), _LONGEST_TITLE, "…")
    if "description" not in labelled.fields:
        # Free text may hold an Access ID in prose; as a field it would be a secret.
        text = redact_text("\n".join(labelled.rest).strip() if labelled.fields else body.text)
        data["description"] = _shortened(text, _LONGEST_TEXT, _CUT)
        if len(text) > _LONGEST_TEXT:
            attachments.append(_whole(text))
    if attachments:
        data["attachments"] = attachments
    data.setdefault("reply_to", {}).setdefault("email", address(mail, "Reply-To") or sender)
    return {name: value for name, value in data.items() if value}


def _shortened(text: str, longest: int, mark: str) -> str:
    return text if len(text) <= longest else text[: longest - len(mark)] + mark


def _whole(text: str) -> dict[str, Any]:
    """Keep as a file what is cut from the description."""
    content = base64.b64encode(text.encode()).decode("ascii")
    return {"name": "mail.txt", "content_type": "text/plain; charset=utf-8", "content": content}


def _key(mail: Message, body: Body) -> str:
    """Give the Message-ID; where there is none, a number made from what the sender wrote."""
    found = header(mail, "Message-ID").strip(" <>")
    if found and len(found.encode()) <= LONGEST_KEY:
        return found
    names = ("From", "Date", "Subject", "Message-ID")
    written = {name: header(mail, name) for name in names}
    return "sha256:" + content_hash({**written, "text": body.text, "files": body.attachments})
