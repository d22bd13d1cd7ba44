"""A text's labelled lines (`製品：…`, `■ 重大度`, `Product: …`) and what is left of the text.

Only labels of our fields count, the first of each; nothing below a quoted message does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from adapters.inbound.labels import field_of
from adapters.inbound.mail_quote import is_quoted, own_length

_BULLET = r"(?P<bullet>[■□●○◆◇▼▽▲△・*＊#※☆★-]*)\s*"
_WITH_SIGN = re.compile(_BULLET + r"(?P<label>[^:：=＝\t]{1,40})[:：=＝\t](?P<value>.*)")
_IN_BRACKETS = re.compile(
    _BULLET + r"[【\[［](?P<label>[^】\]］]{1,40})[】\]］][:：]?(?P<value>.*)"
)
_ALONE = re.compile(_BULLET + r"(?P<label>[^:：=＝\t]{1,40})(?P<value>)")
# Values of these may go over several lines; others end with a blank line.
_LONG = frozenset({"description"})
# A list is not at its end where it says that there is more.
_SEPARATORS = (",", "、", ";", "；")
# A message's own number comes with its envelope.
_IGNORED = frozenset({"id"})
_NOTHING = (None, "", "")


@dataclass(slots=True)
class LabelledText:
    """Fields in the order found, and the lines that belong to none."""

    fields: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """How each of the fields was called."""
    rest: list[str] = field(default_factory=list)


def read_lines(text: str) -> LabelledText:
    found = LabelledText()
    target: str | None = None
    lines = text.split("\n")
    for line in lines[: own_length(lines)]:
        name, label, value = _NOTHING if is_quoted(line) else _label(line, found.fields)
        if name is not None:
            found.fields[name], found.labels[name] = value.strip(), label
            target = name if _goes_on(name, value) else None
        elif target is None:
            found.rest.append(line)
        else:
            target = _continued(found.fields, target, line)
    return found


def _label(line: str, taken: dict[str, str]) -> tuple[str | None, str, str]:
    """Give field, label and value."""
    line = line.strip()
    for shape in (_IN_BRACKETS, _WITH_SIGN, _ALONE):
        found = shape.fullmatch(line)
        if found is None or (shape is _ALONE and not found["bullet"]):
            continue
        name = field_of(found["label"])
        if name is not None and name not in taken and name not in _IGNORED:
            return name, found["label"], found["value"]
    return _NOTHING


def _goes_on(name: str, value: str) -> bool:
    """Whether what stands below belongs to a value that has begun beside its label."""
    return name in _LONG or not value.strip() or value.rstrip().endswith(_SEPARATORS)


def _continued(fields: dict[str, str], target: str, line: str) -> str | None:
    """Add a line to the value and say whether the value goes on."""
    value = fields[target]
    if target not in _LONG and not line.strip():
        return None if value else target
    fields[target] = f"{value}\n{line}" if target in _LONG else f"{value} {line.strip()}".strip()
    return target
