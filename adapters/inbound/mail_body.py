"""The parts of a mail: its text, and its files. Never raises on what a part says of itself."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from typing import Any

from adapters.inbound.charset import text_of
from adapters.inbound.html_text import charset_in, text_of_html
from adapters.inbound.mail_headers import decoded

_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Body:
    """What a person reads, and the attachments as a request has them."""

    text: str
    attachments: list[dict[str, Any]]


def body_of(mail: Message) -> Body:
    plain: list[str] = []
    marked_up: list[str] = []
    attachments: list[dict[str, Any]] = []
    for part in _leaves(mail, 0):
        kind = _kind(part)
        if _is_file(part, kind):
            attachments.append(_attachment(part, kind, len(attachments) + 1))
        elif kind == "text/html":
            marked_up.append(_html(part))
        else:
            plain.append(text_of(_octets(part), _charset(part)))
    texts = plain if any(text.strip() for text in plain) else marked_up
    return Body("\n\n".join(text.strip("\n") for text in texts).strip(), attachments)


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    """Go through the parts; a mail within the mail is a file, not more text of this one."""
    if part.is_multipart() and _kind(part).startswith("multipart/") and depth < _DEEPEST:
        for child in _children(part):
            yield from _leaves(child, depth + 1)
    else:
        yield part


def _children(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [child for child in inner if isinstance(child, Message)] if inner else []


def _kind(part: Message) -> str:
    kind = _parameter_free(_raw_header(part, "content-type"))
    return kind if kind.count("/") == 1 else "text/plain"


def _is_file(part: Message, kind: str) -> bool:
    disposition = _parameter_free(_raw_header(part, "content-disposition"))
    if disposition == "attachment" or kind not in {"text/plain", "text/html"}:
        return True
    return _file_name(part) is not None


def _raw_header(part: Message, name: str) -> str:
    found = (value for key, value in part.raw_items() if key.lower() == name)
    return str(next(found, ""))


def _parameter_free(value: str) -> str:
    return value.partition(";")[0].strip().lower()


def _charset(part: Message) -> str | None:
    try:
        found = part.get_param("charset")
    except (LookupError, ValueError, TypeError):
        return None
    return found[2] if isinstance(found, tuple) else found


def _file_name(part: Message) -> str | None:
    try:
        found = part.get_param("filename", header="content-disposition") or part.get_param("name")
    except (LookupError, ValueError, TypeError):
        return "unnamed"
    if isinstance(found, tuple):
        # RFC 2231: charset, language, and the octets as Latin-1.
        return text_of(found[2].encode("latin-1", "replace"), found[0])
    return decoded(found) if found else None


def _attachment(part: Message, kind: str, number: int) -> dict[str, Any]:
    name = _file_name(part) or f"attachment-{number}"
    content = base64.b64encode(_octets(part)).decode("ascii")
    return {"name": name[:250], "content_type": kind[:250], "content": content}


def _octets(part: Message) -> bytes:
    if part.is_multipart():
        return b"\n".join(_written(child) for child in _children(part))
    octets = part.get_payload(decode=True)
    return octets if isinstance(octets, bytes) else b""


def _written(mail: Message) -> bytes:
    try:
        return mail.as_bytes()
    except (LookupError, ValueError, TypeError, AttributeError):
        # A forwarded mail that cannot be put together again; the whole of it is kept raw.
        return b""


def _html(part: Message) -> str:
    octets = _octets(part)
    return text_of_html(text_of(octets, _charset(part) or charset_in(octets)))
