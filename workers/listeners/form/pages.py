"""The pages, from templates that escape whatever they are given. Decides nothing."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from rules.book import RuleBook
from rules.verdict import Text
from workers.listeners.form import words
from workers.listeners.form.fields import FIELDS, GROUPS, WHO
from workers.listeners.form.guard import guarded

HERE = "workers.listeners.form"
STATIC = ("form.css", "form.js", "icon.svg")
FOREVER = "public, max-age=31536000, immutable"


class Pages:
    """Templates and static files, read once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        folder = resources.files(HERE) / "static"
        self._files = {name: (folder / name).read_bytes() for name in STATIC}
        marks = {
            name: hashlib.sha256(octets).hexdigest()[:8] for name, octets in self._files.items()
        }
        self._templates = Environment(
            loader=PackageLoader(HERE),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(say=_say, moment=self._moment, size=_size, plain=_plain)
        self._templates.globals.update(
            page=words.PAGE,
            fields=FIELDS,
            groups=GROUPS,
            words=words,
            marks=marks,
            words_first=WHO,
            first=[field.name for field in WHO],
        )

    def show(self, name: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
        """Give a page; `values` are what its template names."""
        html = self._templates.get_template(name).render(**values)
        return guarded(HTMLResponse(html, status_code=status))

    def refuse(self, status: int, code: str, lang: str) -> Response:
        """Give a page that says why there is none, and what to do."""
        title, text = words.REFUSALS[code]
        return self.show("refusal.html", status, lang=lang, title=title, text=text)

    def static(self, name: str) -> Response | None:
        """Give a file, for ever: its address changes with its content."""
        octets = self._files.get(name)
        if octets is None:
            return None
        kind = mimetypes.types_map[f".{name.rpartition('.')[2]}"]
        return guarded(Response(octets, media_type=kind, headers={"Cache-Control": FOREVER}))

    def _moment(self, moment: datetime | str | None) -> str:
        if moment is None:
            return ""
        found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        return found.astimezone(self._zone).strftime("%Y-%m-%d %H:%M (%Z)")


def product_names(book: RuleBook, day: date, lang: str) -> list[Mapping[str, str]]:
    """Give every product that is out on the day, by its name in one language, and in the other."""
    other = "en" if lang == "ja" else "ja"
    names = [one.name.as_dict() for one in book.products.products.values() if one.is_released(day)]
    return [
        {"name": one[lang], "other": "" if one[other] == one[lang] else one[other]} for one in names
    ]


@pass_context
def _say(context: Context, text: Text | Mapping[str, str], **parts: object) -> str:
    """Say a text in the page's language; parts that are texts follow it."""
    lang = context["lang"]
    filled = {
        name: part.as_dict()[lang] if isinstance(part, Text) else part
        for name, part in parts.items()
    }
    both = text.as_dict() if isinstance(text, Text) else text
    return both[lang].format(**filled) if parts else both[lang]


@pass_context
def _plain(context: Context, text: Text | Mapping[str, str]) -> str:
    """Say a text of the rules in the page's language, to a person."""
    return words.plain(_say(context, text), FIELDS)


def _size(octets: int) -> str:
    return f"{octets / 1_000_000:.1f} MB"
