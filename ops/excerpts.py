"""A place in a text as people see it: the line with a mark below, and a little before it."""

from __future__ import annotations

from rich.cells import cell_len

from ops.message_text import Shown, Spot

BEFORE = 2
WIDTH = 72
CUT = "…"


def excerpt(shown: Shown, spot: Spot) -> list[str]:
    """Give the lines, numbered, none longer than a screen is wide."""
    lines = shown.text.split("\n")
    first = max(1, spot.line - BEFORE)
    wide = len(str(spot.line))
    start = _start(spot)
    found = [
        f"{number:>{wide}} | {_cut(lines[number - 1], start if number == spot.line else 0)}"
        for number in range(first, min(spot.line, len(lines)) + 1)
    ]
    if spot.column is not None and spot.line <= len(lines):
        before = _cut(lines[spot.line - 1], start)[: spot.column - 1 - start]
        found.append(f"{' ' * wide} | {' ' * cell_len(before)}^")
    return found


def _start(spot: Spot) -> int:
    """Begin a long line shortly before what is marked in it."""
    return 0 if spot.column is None or spot.column < WIDTH else spot.column - WIDTH // 2


def _cut(line: str, start: int) -> str:
    end = start + WIDTH
    head = CUT + line[start + 1 : end] if start else line[:end]
    return head + CUT if len(line) > end else head
