"""How a mail that was not taken is worded: what a letter to its sender repeats of it.

Reads whatever a mail holds as far as it can be read, and never raises. Believes nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from adapters.inbound.label_values import form_data
from adapters.inbound.labelled_lines import read_lines
from adapters.inbound.labels import bare
from adapters.inbound.mail_body import body_of
from adapters.inbound.mail_headers import header
from adapters.inbound.mail_quote import filled_in_below, own_length
from adapters.outbound.mail.form import BELOW

_REPEATED = ("title", "contact.name", "contact.language")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")


@dataclass(frozen=True, slots=True)
class Wording:
    """A mail's title, name and language as those of a request, and its labels by field."""

    body: dict[str, Any] = field(repr=False)
    labels: Mapping[str, str] = field(repr=False)


def wording_of(mail: Message) -> Wording:
    """Give it; who names no language wants that in which the mail is written."""
    subject, text = header(mail, "Subject"), _text(mail)
    own, form = read_lines(text), read_lines(filled_in_below(text, BELOW.values()))
    repeated = ((name, own.fields[name]) for name in _REPEATED if name in own.fields)
    body = {"title": subject, **form_data(repeated)}
    written = "ja" if _JAPANESE.search(subject + _above(text)) else "en"
    body["contact"] = {"language": written, **body.get("contact", {})}
    labels = {**form.labels, **own.labels}
    return Wording(body, {name: bare(label) for name, label in labels.items()})


def _text(mail: Message) -> str:
    try:
        return body_of(mail).text
    except Exception:  # noqa: BLE001  (the mail library raises what it likes)
        return ""


def _above(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(lines[: own_length(lines)])
