"""Shows a drill under way: a live table at a terminal, a line for each trouble elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import RenderableType
from rich.live import Live
from typing_extensions import override

from ops.drill.schedule import Trouble
from ops.drill.troubles import Met
from ops.output import add, console, line, table


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a drill stands."""

    phase: str
    on: Sequence[Trouble]
    attempted: int
    acknowledged: int
    states: Mapping[str, int]


@dataclass(slots=True)
class Board:
    """Says nothing: the board of who asked for JSON."""

    began: float = field(default_factory=time.monotonic)

    def tell(self, met: Met) -> None:
        """Hear of a trouble that began, was missed, or ended."""

    def show(self, standing: Standing) -> None:
        """Hear where the drill stands."""


class _Lines(Board):
    """A line for each trouble and each phase."""

    _phase = ""

    @override
    def tell(self, met: Met) -> None:
        how = f"not possible: {met.missed}" if met.missed else _lasts(met)
        self._say(met.trouble.kind, met.trouble.target, how)

    @override
    def show(self, standing: Standing) -> None:
        if standing.phase != self._phase:
            self._phase = standing.phase
            words = f"{standing.attempted} attempted, {standing.acknowledged} acknowledged"
            self._say(standing.phase, f"({words})")

    def _say(self, *words: str) -> None:
        at = f"{time.monotonic() - self.began:6.1f} s "
        console().print(line(at, *filter(None, words)), soft_wrap=True)


class _Table(Board):
    """A table that is drawn anew."""

    def __init__(self, live: Live) -> None:
        super().__init__()
        self._live = live
        self._troubles = 0

    @override
    def tell(self, met: Met) -> None:
        self._troubles += met.ended_at is None or met.missed is not None

    @override
    def show(self, standing: Standing) -> None:
        self._live.update(_page(standing, time.monotonic() - self.began, self._troubles))


def _lasts(met: Met) -> str:
    if met.ended_at is not None and met.trouble.length_s:
        return "is over"
    return f"for {met.trouble.length_s:.1f} s" if met.trouble.length_s else ""


def _page(standing: Standing, passed_s: float, troubles: int) -> RenderableType:
    found = table("", "")
    add(found, f"{passed_s:.0f} s", standing.phase)
    add(found, "troubles so far", troubles)
    add(found, "on now", ", ".join(f"{one.kind} {one.target}" for one in standing.on) or "none")
    add(found, "attempted", standing.attempted)
    add(found, "acknowledged", standing.acknowledged)
    for state, number in sorted(standing.states.items()):
        add(found, state, number)
    return found


@contextmanager
def board(*, quiet: bool) -> Iterator[Board]:
    screen = console()
    if quiet:
        yield Board()
    elif screen.is_terminal:
        with Live(console=screen, refresh_per_second=4, transient=True) as live:
            yield _Table(live)
    else:
        yield _Lines()
