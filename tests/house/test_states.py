"""The picture of the states shows what the table of moves allows, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from ledger.states import MOVES, State

PAGE = (Path(__file__).parents[2] / "docs" / "states.md").read_text(encoding="utf-8")
OUTSIDE = "[*]"
ARROW = re.compile(r"^ *(\[\*\]|\w+) --> (\[\*\]|\w+)(?:: .+)?$")
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def _arrows() -> list[tuple[str, str]]:
    """Read every line of the picture; a line that is no arrow is a fault."""
    _, _, after = PAGE.partition("```mermaid\nstateDiagram-v2\n")
    picture, fence, _ = after.partition("\n```\n")
    assert fence, "docs/states.md has no state diagram"
    lines = [line for line in picture.splitlines() if line.strip()]
    found = [ARROW.match(line) for line in lines]
    unread = [line for line, match in zip(lines, found, strict=True) if match is None]
    assert unread == []
    return [(match[1], match[2]) for match in found if match is not None]


def test_the_arrows_are_the_moves() -> None:
    """Each move is drawn once, and no arrow is drawn that is no move."""
    drawn = Counter(arrow for arrow in _arrows() if OUTSIDE not in arrow)
    assert drawn == Counter((origin.value, to.value) for origin in MOVES for to in MOVES[origin])


def test_the_ends_are_drawn() -> None:
    """A request begins as received, and ends where no move leads on."""
    arrows = _arrows()
    assert [to for origin, to in arrows if origin == OUTSIDE] == [State.RECEIVED]
    ends = {origin for origin, to in arrows if to == OUTSIDE}
    assert ends == {state.value for state in State if not MOVES[state]}


def test_every_state_is_explained() -> None:
    """The page's table has one row for each state."""
    assert Counter(ROW.findall(PAGE)) == Counter(state.value for state in State)
