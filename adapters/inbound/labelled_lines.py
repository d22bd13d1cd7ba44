"""A text's labelled lines (`製品：…`, `■ 重大度`, `Product: …`) and what is left of the text.

Only labels of our fields count, the first of each; nothing below a quoted message does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from adapters.inbound.labels import field_of

_BULLET = r"(?P<bullet>[■□●○◆◇▼▽▲△・*＊#※☆★-]*)\s*"
_WITH_SIGN = re.compile(_BULLET + r"(?P<label>[^:：=＝\t]{1,40})[:：=＝\t](?P<value>.*)")
_IN_BRACKETS = re.compile(
    _BULLET + r"[【\[［](?P<label>[^】\]］]{1,40})[】\]］][:：]?(?P<value>.*)"
)
_ALONE = re.compile(_BULLET + r"(?P<label>[^:：=＝\t]{1,40})(?P<value>)")
_BELOW = re.compile(
    r"\s*(?:-{2,}\s*(?:Original Message|元のメッセージ|Forwarded message|転送).*|_{20,}"
    r"|On .{5,200} wrote:|\d{4}[年/].{5,200}(?:wrote|書きました|のメール)[:：]?)\s*"
)
_SIGNATURE = re.compile(r"-- ?")
# Values of these may go over several lines; others end with a blank line.
_LONG = frozenset({"description"})
# A message's own number comes with its envelope.
_IGNORED = frozenset({"id"})


@dataclass(slots=True)
class LabelledText:
    """Fields in the order found, and the lines that belong to none."""

    fields: dict[str, str] = field(default_factory=dict)
    rest: list[str] = field(default_factory=list)


def read_lines(text: str) -> LabelledText:
    found = LabelledText()
    target: str | None = None
    for line in _above(text.split("\n")):
        label, value = _label(line, found.fields)
        if label is not None:
            found.fields[label] = value.strip()
            target = label if label in _LONG or not value.strip() else None
        elif target is None:
            found.rest.append(line)
        else:
            target = _continued(found.fields, target, line)
    return found


def _above(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        if _BELOW.fullmatch(line) or _SIGNATURE.fullmatch(line):
            return
        yield line


def _label(line: str, taken: dict[str, str]) -> tuple[str | None, str]:
    line = line.strip()
    for shape in (_IN_BRACKETS, _WITH_SIGN, _ALONE):
        found = shape.fullmatch(line)
        if found is None or (shape is _ALONE and not found["bullet"]):
            continue
        name = field_of(found["label"])
        if name is not None and name not in taken and name not in _IGNORED:
            return name, found["value"]
    return None, ""


def _continued(fields: dict[str, str], target: str, line: str) -> str | None:
    """Add a line to the value and say whether the value goes on."""
    value = fields[target]
    if target not in _LONG and not line.strip():
        return None if value else target
    fields[target] = f"{value}\n{line}" if target in _LONG else f"{value} {line.strip()}".strip()
    return target
