"""Breaks long lines for readers whose programs do not, by the manners of Japanese and English.

Never breaks a word of ASCII letters, such as an address, and never begins a line with a full stop.
"""

from __future__ import annotations

import re
import unicodedata

WIDTH = 76
_PIECE = re.compile(r"[\x21-\x7e]+|.")
_NOT_FIRST = set(
    "、。，．・：；？！）」』】〕］｝〉》”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}>,.!?"
)
_NOT_LAST = set("（「『【〔［｛〈《“‘([{<")
_INDENT = re.compile(r"\s*(?:・|- )?")


def broken(text: str) -> str:
    """Give the text with every line that is too wide broken, what follows indented alike."""
    return "\n".join(part for line in text.split("\n") for part in _parts(line))


def width(text: str) -> int:
    """Give the columns that the text takes where a kanji takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def _parts(line: str) -> list[str]:
    if width(line) <= WIDTH:
        return [line.rstrip()]
    start = _INDENT.match(line)
    indent = " " * width(start[0] if start else "")
    parts, current = [], ""
    for piece in _pieces(line):
        if current.strip() and width(current + piece) > WIDTH:
            parts.append(current.rstrip())
            current = indent + piece.lstrip()
        else:
            current += piece
    return [*parts, current.rstrip()]


def _pieces(line: str) -> list[str]:
    """Cut where a line may be broken: signs that stand first or last nowhere keep company."""
    pieces: list[str] = []
    for piece in _PIECE.findall(line):
        joins = pieces and (piece[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
        if joins:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces
