"""The words of a letter: one template for each event and language. Sends and decides nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from adapters.outbound.mail import words
from adapters.outbound.mail.about import About, one_line
from adapters.outbound.mail.form import BELOW, blanks, is_long
from adapters.outbound.mail.lines import broken
from adapters.outbound.mail.moment import written
from adapters.outbound.mail.readable import label_of, most_of, unread
from contracts import event_data
from contracts.event_parts import Reason
from contracts.events import Event

LETTERS = {
    model.TYPE: model.TYPE.removeprefix("toritsugi.request.").removesuffix(".v1")
    for model in (
        event_data.Accepted,
        event_data.Incomplete,
        event_data.Held,
        event_data.Rejected,
        event_data.Submitted,
        event_data.HandedOver,
        event_data.Failed,
        event_data.Cancelled,
        event_data.Closed,
    )
} | {event_data.Unreadable.TYPE: "unreadable"}
"""The events that somebody gets a letter about, and the template's name."""

_LONGEST = 400
_GAP = re.compile(r"\n{3,}")
_IDS = ("access_id", "contract_id")


def text_of(
    event: Event, about: About, desk: str, labels: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Give the letter's text; `desk` is how we sign. The event's type is one of `LETTERS`.

    `labels` are those of the mail that a letter answers, by field.
    """
    template = _templates().get_template(f"{about.language}/{LETTERS[event.type]}.txt")
    text = template.render(
        about=about,
        desk=one_line(desk, _LONGEST),
        data=event.data,
        words=words.WORDS[about.language],
        when=lambda moment: written(moment, about.zone, about.language),
        line=lambda value: one_line(str(value), _LONGEST),
        **_parts(event, about, labels),
    )
    return broken(_GAP.sub("\n\n", text.strip())) + "\n"


def _parts(event: Event, about: About, labels: Mapping[str, str]) -> dict[str, Any]:
    """Give what only letters with reasons need: what is said of each, and the form."""
    if isinstance(event.data, event_data.Unreadable):
        return _unread(event.data, about, labels)
    reasons: tuple[Reason, ...] = getattr(event.data, "reasons", ())
    asks = isinstance(event.data, event_data.Incomplete)
    fields = [one.field for one in reasons if asks and one.field and one.outcome == "incomplete"]
    said: set[str] = set()
    return {
        "reasons": [_said(one, about, said, asks=asks) for one in reasons],
        "blanks": blanks(fields, about.language),
        "below": BELOW[about.language],
    }


def _unread(data: event_data.Unreadable, about: About, labels: Mapping[str, str]) -> dict[str, Any]:
    """Give what was not taken of a mail, and the form that an answer to a request is given again.

    Nothing of that answer was taken, so the form has every field of it.
    """
    fields = unread(data.error, labels, about.language)
    names = dict.fromkeys([*(one.field for one in fields), *labels])
    return {
        "fields": fields,
        "lines": [label_of(name, labels, about.language) for name in sorted(names, key=is_long)],
        "answers": about.number != data.quarantine,
        "most": most_of(data.error),
        "below": BELOW[about.language],
    }


def _said(reason: Reason, about: About, said: set[str], *, asks: bool) -> dict[str, str]:
    """Give a reason's sentences; a way on that was told before is not told again.

    In a letter with a form, the form says better what to do about a field that is simply missing,
    but for a contract's ids: where those are found stands in the remedy alone.
    """
    remedy: str = getattr(reason.remedy, about.language)
    in_form = asks and reason.code == "missing" and reason.field not in _IDS
    told = in_form or remedy in said
    said.add(remedy)
    return {
        "message": getattr(reason.message, about.language),
        "remedy": "" if told else remedy,
        "section": reason.section,
        "rule": reason.rule,
    }


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
