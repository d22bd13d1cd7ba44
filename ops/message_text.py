"""A kept message as text for people, its secrets masked, and where in it a fault lies.

Whatever the bytes are, there is a text. JSON that can be read is set out line by line; what cannot
be taken apart loses every number that could be an id, besides what stands beside a secret's name.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from adapters.inbound.again import Came, is_mail, is_sheet
from adapters.inbound.charset import text_of
from adapters.inbound.labels import field_of
from adapters.inbound.mail_body import body_of
from adapters.inbound.mail_headers import header
from contracts.malformed import Malformed
from contracts.redaction import MASK, is_secret_field, redact, redact_text
from contracts.strict_json import parse

LARGEST = 64 * 1_048_576
_HERE = "\ue000"  # a private character, where a mark will stand
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_PLACE = re.compile(r"line (\d+)(?:, column (\d+))?")
_NUMBER = re.compile(r"(?<!\d)\d{9,12}(?!\d)")
_PAIR = re.compile(r'"((?:[^"\\\n]|\\.)*)"(\s*:\s*)("(?:[^"\\\n]|\\.)*"?|[^\s,}\]]+)')
_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Authentication-Results")
Path = Sequence[int | str]


@dataclass(frozen=True, slots=True)
class Spot:
    """Line and column, from 1; without a column the whole line is meant."""

    line: int
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The text, and what it was made of."""

    text: str
    suffix: str = ".json"
    """What a file that holds the message is called."""
    _document: Any = None
    _plain: str | None = None

    def spot(self, place: str) -> Spot | None:
        """Say where in the text a fault's place is, if it is anywhere."""
        if self._document is not None:
            return _within(self._document, place)
        lines = self.text.split("\n")
        if (found := _PLACE.match(place)) is not None:
            column = None if found[2] is None else int(found[2])
            at = self._moved(Spot(int(found[1]), column))
            return at if at.line <= len(lines) else None
        named = (at for at, line in enumerate(lines, 1) if place and line.startswith(f"{place}:"))
        return next((Spot(at) for at in named), None)

    def _moved(self, at: Spot) -> Spot:
        """Move a place of the plain text to where it is now that secrets are masked."""
        if self._plain is None or at.column is None:
            return at
        lines = self._plain.split("\n")
        before = "\n".join(
            [*lines[: at.line - 1], "".join(lines[at.line - 1 : at.line])[: at.column - 1]]
        )
        masked = _masked(before)
        return Spot(masked.count("\n") + 1, len(masked) - masked.rfind("\n"))


def shown(came: Came, raw: bytes) -> Shown:
    if is_mail(came, raw):
        return Shown(_mail(raw), ".eml")
    if is_sheet(came, raw):
        return Shown(_sheet(text_of(raw)), ".csv")
    try:
        document = redact(parse(raw, LARGEST))
    except Malformed:
        plain = text_of(raw)
        return Shown(_masked(plain), _plain=plain)
    return Shown(_written(document), _document=document)


# ---- What cannot be taken apart ------------------------------------------------------------------


def _masked(text: str) -> str:
    return _NUMBER.sub(MASK, redact_text(_PAIR.sub(_pair, text)))


def _pair(found: re.Match[str]) -> str:
    return f'"{found[1]}"{found[2]}"{MASK}"' if is_secret_field(_name(found[1])) else found[0]


def _name(written: str) -> str:
    try:
        return str(json.loads(f'"{written}"'))
    except ValueError:
        return written


def _mail(raw: bytes) -> str:
    try:
        mail = message_from_bytes(raw, policy=policy.compat32)
        body = body_of(mail)
        named = [(name, header(mail, name)) for name in _HEADERS]
        files = [("Attachment", str(one["name"])) for one in body.attachments]
        head = "".join(f"{name}: {value}\n" for name, value in [*named, *files] if value)
        return redact_text(f"{head}\n{body.text}")
    except Exception:  # noqa: BLE001  (the mail library raises what it likes)
        return _masked(text_of(raw))


def _sheet(text: str) -> str:
    """Mask the columns of secrets, or every number where the table cannot be read."""
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        return _masked(text)
    head = rows[0] if rows else []
    secret = {at for at, cell in enumerate(head) if is_secret_field(field_of(cell) or cell)}
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\n")
    for number, row in enumerate(rows):
        hidden = number > 0 and len(row) <= len(head)
        cells = [MASK if hidden and at in secret and cell else cell for at, cell in enumerate(row)]
        writer.writerow(map(redact_text if hidden or number == 0 else _masked, cells))
    return written.getvalue()


# ---- JSON, set out -------------------------------------------------------------------------------


def _written(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _within(document: Any, place: str) -> Spot | None:  # noqa: ANN401  (any JSON value)
    """Mark the value at the place, or what it is missing from."""
    path = _path(document, place)
    if path is None:
        return None
    before = _written(_replaced(document, path)).partition(f'"{_HERE}"')[0]
    return Spot(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _path(document: Any, place: str) -> Path | None:  # noqa: ANN401  (any JSON value)
    """Walk as far as there is anything; None for a place that is no path."""
    steps = [int(at) if at else name for at, name in _STEP.findall(place)]
    if not steps or " " in place:
        return None
    if steps[0] == "data" and isinstance(document, dict) and "data" not in document:
        steps = steps[1:]  # bare data is all there is
    path: list[int | str] = []
    for step in steps:
        if not _has(document, step):
            break
        document = document[step]
        path.append(step)
    return path


def _has(document: object, step: int | str) -> bool:
    if isinstance(document, list):
        return isinstance(step, int) and step < len(document)
    return isinstance(document, dict) and step in document


def _replaced(document: Any, path: Path) -> Any:  # noqa: ANN401  (any JSON value)
    if not path:
        return _HERE
    step, *rest = path
    if isinstance(document, list):
        return [_replaced(one, rest) if at == step else one for at, one in enumerate(document)]
    return {name: _replaced(one, rest) if name == step else one for name, one in document.items()}
