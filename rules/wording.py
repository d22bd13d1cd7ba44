"""A finding before its blanks are filled: code, outcome, and the words in both languages.

Never shows digits that could be an id: what a sender wrote passes through `shown`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rules.remark import Finding
from rules.verdict import Outcome, Text

Part = str | Text | date

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Wording:
    """Message and remedy of one code, with blanks in braces; `field` is the one to supply."""

    code: str
    outcome: Outcome
    message: Text
    remedy: Text
    field: str | None = None

    def instead(self, remedy: Text | None) -> Wording:
        """Give the same words with another way out, where there is one."""
        return self if remedy is None else replace(self, remedy=remedy)

    def finding(self, **parts: Part) -> Finding:
        return Finding(
            code=self.code,
            outcome=self.outcome,
            message=filled(self.message, **parts),
            remedy=filled(self.remedy, **parts),
            field=self.field,
        )


def filled(text: Text, **parts: Part) -> Text:
    """Fill the blanks; a part in both languages goes to each its own."""
    ja = {name: part.ja if isinstance(part, Text) else str(part) for name, part in parts.items()}
    en = {name: part.en if isinstance(part, Text) else str(part) for name, part in parts.items()}
    return Text(text.ja.format_map(ja), text.en.format_map(en))


def joined(texts: Iterable[Text]) -> Text:
    every = tuple(texts)
    return Text("、".join(text.ja for text in every), ", ".join(text.en for text in every))


def shown(written: str, *, digits: int = 7) -> str:
    """Show what a sender wrote: one line, not too long, numbers of so many digits covered."""
    line = " ".join(written.split())
    if _UUID.fullmatch(line):
        return line
    covered = re.sub(rf"\d(?:\s?\d){{{digits - 1},}}", "•••", line)
    return covered if len(covered) <= _LONGEST_SHOWN else f"{covered[:_LONGEST_SHOWN]}…"
