"""Whether a machine wrote a mail: bounces, absence notes, lists and our own. Nobody answers those.

A forwarded mail (`Auto-Submitted: auto-forwarded`) is a person's. Never looks at the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from email.message import Message

from adapters.inbound.mail_headers import address, header, headers

_PERSONS = frozenset({"", "no", "auto-forwarded"})
_BULK = frozenset({"bulk", "list", "junk"})
_DAEMONS = frozenset({"mailer-daemon", "postmaster"})
_COMMENT = re.compile(r"\([^()]*\)")


def automatic_because(mail: Message) -> str | None:
    """Give the first sign that a machine wrote it; None for a person's mail."""
    return next((sign for sign, shows in _SIGNS.items() if shows(mail)), None)


def is_bounce(mail: Message) -> bool:
    """Whether it says that a mail did not arrive."""
    return any(_SIGNS[sign](mail) for sign in ("report", "daemon", "failed recipients"))


def _word(mail: Message, name: str) -> str:
    """Give a header's first word, without comments and parameters."""
    words = _COMMENT.sub(" ", header(mail, name)[:1_000]).replace(";", " ").split()
    return words[0].lower() if words else ""


def _has(mail: Message, *names: str) -> bool:
    return any(True for name in names for _ in headers(mail, name))


def _is_report(mail: Message) -> bool:
    return mail.get_content_type() == "multipart/report"


def _is_daemon(mail: Message) -> bool:
    sender = address(mail, "From") or _word(mail, "From").strip("<>")
    return sender.partition("@")[0] in _DAEMONS


def _is_list(mail: Message) -> bool:
    return any(name.lower().startswith("list-") for name, _ in mail.raw_items())


def _has_no_return_path(mail: Message) -> bool:
    return any(value.strip() == "<>" for value in headers(mail, "Return-Path"))


_SIGNS: Mapping[str, Callable[[Message], bool]] = {
    "auto-submitted": lambda mail: _word(mail, "Auto-Submitted") not in _PERSONS,
    "report": _is_report,
    "daemon": _is_daemon,
    "failed recipients": lambda mail: _has(mail, "X-Failed-Recipients"),
    "return path": _has_no_return_path,
    "precedence": lambda mail: _word(mail, "Precedence") in _BULK,
    "autoreply": lambda mail: _has(mail, "X-Autoreply", "X-Autorespond"),
    "response suppressed": lambda mail: _has(mail, "X-Auto-Response-Suppress"),
    "list": _is_list,
    "loop": lambda mail: _has(mail, "X-Loop"),
}
"""The bounce signs first: they say best what a mail is."""
