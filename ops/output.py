"""The way to standard output: one JSON document or tables, never a secret.

Whatever a command shows passes here; problems go to standard error. What is told as it is has
masked its secrets itself, or was asked for with them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from contracts.redaction import redact, redact_text
from ops.answer import Answer
from ops.problem import Problem

OPTIONS = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS  # names of columns are a kind of their own
WIDE = 110
"""From so many columns on, tables show more."""


def console() -> Console:
    return Console(highlight=False, markup=False, emoji=False)


def tell(answer: Answer, *, as_json: bool) -> int:
    """Print the answer; give the exit status."""
    if as_json:
        tell_json(answer.document)
    else:
        screen = console()
        for page in answer.pages(screen.width):
            unbroken = isinstance(page, Text) and page.no_wrap is True
            screen.print(page, crop=False, soft_wrap=unbroken)
    return answer.status


def tell_json(document: Any) -> None:  # noqa: ANN401  (any JSON-like value)
    tell_json_as_it_is(redact(document))


def tell_json_as_it_is(document: Any) -> None:  # noqa: ANN401  (any JSON-like value)
    tell_as_it_is(json_of(document))


def json_of(document: Any) -> str:  # noqa: ANN401  (any JSON-like value)
    return orjson.dumps(document, default=str, option=OPTIONS).decode() + "\n"


def tell_as_it_is(text: str) -> None:
    """Print a text that something else will read: nothing in it is masked or wrapped."""
    sys.stdout.write(text)
    sys.stdout.flush()


def complain(problem: Problem, *, as_json: bool) -> int:
    """Say on standard error what is wrong; give the exit status."""
    if as_json:
        tell_json(problem.as_dict())
    sys.stderr.write(f"toritsugi: {redact_text(problem.message)}\n")
    for fault in problem.faults:
        sys.stderr.write(f"  {_fault(fault)}\n")
    return problem.status


def warn(words: str) -> None:
    """Say on standard error what a person should know beside the answer."""
    sys.stderr.write(f"toritsugi: {redact_text(words)}\n")


def _fault(fault: Mapping[str, Any]) -> str:
    """Mask each part by itself: what is wrong with an access_id is not the id."""
    where = f"line {fault['line']}, column {fault['column']}" if "line" in fault else ""
    parts = (where, fault.get("place"), fault["message"])
    return ": ".join(redact_text(part) for part in parts if part)


def tell_bytes(content: bytes) -> None:
    """Print what is to be kept byte by byte."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


# ---- For people ----------------------------------------------------------------------------------


def table(*headings: str, title: str | None = None, zone: ZoneInfo | None = None) -> Table:
    """Give a plain table; below it stands whose clock its times are of.

    A heading may end with a sign: `#` for a column of figures, `!` for one that is never broken,
    `…20` for one that is cut to so many characters. Others are folded where they must be.
    """
    found = Table(title=title, title_justify="left", title_style="bold", box=None)
    if zone is not None:
        found.caption, found.caption_justify = f"times of {zone.key}", "left"
    found.pad_edge, found.padding, found.show_header = False, (0, 1, 0, 0), any(headings)
    for heading in headings:
        name, sign, most = heading.rstrip("#!").partition("…")
        found.add_column(
            name,
            justify="right" if heading.endswith("#") else "left",
            no_wrap=heading.endswith(("#", "!")) or bool(sign),
            overflow="ellipsis" if sign else "fold",
            max_width=int(most) if sign else None,
        )
    return found


def cell(value: object) -> Text:
    """Show a value without its secrets; nothing where there is none."""
    return Text("" if value is None else redact_text(str(value)))


def add(to: Table, *values: object, style: str | None = None) -> None:
    to.add_row(*map(cell, values), style=style)


def line(*parts: object, style: str = "") -> RenderableType:
    return Text(_words(parts), style=style)


def whole(*parts: object) -> RenderableType:
    """Give a line that is never broken, so that it can be copied."""
    return Text(_words(parts), no_wrap=True)


def _words(parts: Iterable[object]) -> str:
    return redact_text(" ".join(str(part) for part in parts))
