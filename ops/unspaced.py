"""Texts in a language without spaces between words, broken as its readers expect (kinsoku).

No line begins with a sign that ends something or ends with one that opens something, and no Latin
word is broken. rich breaks wherever a line is full.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len, chop_cells
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from contracts.redaction import redact_text

NOT_FIRST = frozenset(
    "、。，．・：；？！）］｝」』】〉》〕ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々…,.:;?!)]}"
)
NOT_LAST = frozenset("（［｛「『【〈《〔([{")


@dataclass(frozen=True, slots=True)
class Unspaced:
    """A text that is broken where it may be."""

    text: str

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield from map(Text, broken(redact_text(self.text), options.max_width))


def broken(text: str, columns: int) -> Iterator[str]:
    """Fill each line; what must stay together goes to the next one, unless it fills one alone."""
    while cell_len(text) > columns:
        full = len(chop_cells(text, columns)[0])
        end = next((at for at in range(full, 0, -1) if _may_break(text, at)), full)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    yield text


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    within_word = before.isascii() and after.isascii() and " " not in before + after
    return not within_word and after not in NOT_FIRST and before not in NOT_LAST
