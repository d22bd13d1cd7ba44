"""Reasons of a decision as people read them: rule, clause, what happened, what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding

from ops.output import line
from ops.unspaced import Unspaced

INDENT = (0, 0, 0, 2)
STYLES = {"rejected": "red", "held": "yellow", "incomplete": "yellow", "eligible": "green"}


def reason_pages(reasons: Sequence[Mapping[str, Any]]) -> Iterator[RenderableType]:
    """Give each reason in both languages."""
    for reason in reasons:
        field = f" {reason['field']}" if reason.get("field") else ""
        head = f"{reason['rule']} {reason['outcome']} {reason['code']}{field}"
        yield line(f"\n{head}  ({reason['section']})", style=STYLES[reason["outcome"]])
        for part in ("message", "remedy"):
            sign = "→ " if part == "remedy" else ""
            yield Padding(Unspaced(f"{sign}{reason[part]['ja']}"), INDENT)
            yield Padding(line(f"{sign}{reason[part]['en']}"), INDENT)
