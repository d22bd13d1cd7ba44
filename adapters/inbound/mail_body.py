"""The parts of a mail: its text, and its files. Never raises on what a part says of itself."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from itertools import islice
from typing import Any

from adapters.inbound.charset import text_of
from adapters.inbound.html_text import charset_in, text_of_html
from adapters.inbound.mail_headers import decoded, header
from adapters.inbound.tnef import NotTnef, unpack

_DEEPEST = 30
_MOST_PARTS = 1_000
_LONGEST_TEXT = 1_000_000
_PACKED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


@dataclass(frozen=True, slots=True)
class Body:
    """What a person reads, and the attachments as a request has them."""

    text: str
    attachments: list[dict[str, Any]]


def body_of(mail: Message) -> Body:
    found = _Found()
    for part in islice(_leaves(mail, 0), _MOST_PARTS):
        found.take(part)
    if not found.has_text():
        found.look_into_mails(mail)
    texts = found.plain if any(text.strip() for text in found.plain) else found.marked_up
    return Body("\n\n".join(text.strip("\n") for text in texts).strip(), found.attachments)


@dataclass(slots=True)
class _Found:
    """What the parts gave so far."""

    plain: list[str] = field(default_factory=list)
    marked_up: list[str] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)

    def take(self, part: Message) -> None:
        kind = _kind(part)
        name = _file_name(part)
        if kind in _PACKED or (name or "").lower() == "winmail.dat":
            self._unpack(part, kind)
        elif _is_file(part, kind):
            self._attach(name, kind, _octets(part))
        else:
            self._read(part, kind)

    def _read(self, part: Message, kind: str) -> None:
        octets = _octets(part)
        if len(octets) > _LONGEST_TEXT:
            self._attach(None, kind, octets)
            cut = octets[:_LONGEST_TEXT]
            octets = cut.rpartition(b"\n")[0] or cut  # not in the middle of a character
        if kind == "text/html":
            self.marked_up.append(_html(part, octets))
        else:
            self.plain.append(_plain(part, octets))

    def has_text(self) -> bool:
        return any(text.strip() for text in (*self.plain, *self.marked_up))

    def look_into_mails(self, mail: Message) -> None:
        """Read the text of a mail that is all there is: somebody passed it on without a word."""
        within = (part for part in _leaves(mail, 0) if part.is_multipart())
        for inner in islice(within, 1):
            deeper = _Found()
            for part in islice(_leaves(_children(inner)[0], 0), _MOST_PARTS):
                if not _is_file(part, _kind(part)):
                    deeper.take(part)
            self.plain, self.marked_up = deeper.plain, deeper.marked_up

    def _unpack(self, part: Message, kind: str) -> None:
        octets = _octets(part)
        try:
            packed = unpack(octets)
        except NotTnef:
            self._attach(_file_name(part), kind, octets)
            return
        if not self.has_text():
            self.plain.append(packed.text)
            self.marked_up.append(text_of_html(packed.html))
        for name, content in packed.files:
            self._attach(name, "application/octet-stream", content)

    def _attach(self, name: str | None, kind: str, octets: bytes) -> None:
        name = name or f"attachment-{len(self.attachments) + 1}"
        content = base64.b64encode(octets).decode("ascii")
        self.attachments.append(
            {"name": name[:250], "content_type": kind[:250], "content": content}
        )


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
    return _parameter(part, "charset") or None


def _parameter(part: Message, name: str) -> str:
    try:
        found = part.get_param(name)
    except (LookupError, ValueError, TypeError):
        return ""
    return str(found[2] if isinstance(found, tuple) else found or "")


def _file_name(part: Message) -> str | None:
    """Give the name that a part has as a file; a mail within is called by its subject."""
    named = _parameter_name(part)
    if named is None and part.is_multipart() and (inside := _children(part)):
        subject = header(inside[0], "Subject")
        return f"{subject[:200]}.eml" if subject else None
    return named


def _parameter_name(part: Message) -> str | None:
    try:
        found = part.get_param("filename", header="content-disposition") or part.get_param("name")
    except (LookupError, ValueError, TypeError):
        return "unnamed"
    if isinstance(found, tuple):
        # RFC 2231: charset, language, and the octets as Latin-1.
        return text_of(found[2].encode("latin-1", "replace"), found[0])
    return decoded(found) if found else None


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


def _plain(part: Message, octets: bytes) -> str:
    text = text_of(octets, _charset(part))
    return _unwrapped(text) if _parameter(part, "format").lower() == "flowed" else text


def _unwrapped(text: str) -> str:
    """Join the lines that the sender's program cut (RFC 3676): they end with a blank."""
    joined: list[str] = []
    going_on = False
    for line in text.split("\n"):
        if joined and not (going_on and not line.startswith(">")):
            joined.append("\n")
        joined.append(line)
        going_on = line.endswith(" ") and line != "-- "
    return "".join(joined)


def _html(part: Message, octets: bytes) -> str:
    return text_of_html(text_of(octets, _charset(part) or charset_in(octets)))
