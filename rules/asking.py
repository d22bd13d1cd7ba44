"""How a missing field is asked for: one code, the field's dotted name, words from the table.

Never decides whether the field is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.remark import Finding
from rules.verdict import Outcome, Text
from rules.wording import Wording
from rules.words.fields import FIELDS, FieldWords

_MESSAGE = Text(
    "{label}({name})が記入されていません。{why}", "The {label} ({name}) is missing. {why}"
)


def missing(field: str, table: Mapping[str, FieldWords] = FIELDS) -> Finding:
    """Ask for one field."""
    words = table[field]
    wording = Wording("missing", Outcome.INCOMPLETE, _MESSAGE, words.remedy, field)
    return wording.finding(label=words.label, why=words.why, name=field)


def missing_among(fields: Mapping[str, str | None]) -> Iterator[Finding]:
    """Ask for every field whose value is absent or blank."""
    return (missing(field) for field, value in fields.items() if not is_given(value))


def is_given(value: str | None) -> bool:
    return value is not None and bool(value.strip())
