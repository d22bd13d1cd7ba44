"""Whoever works at present: a process that dies, or falls asleep, where a trap is set for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from tests.model.ground import Ground
from workers.app import App
from workers.failpoints import POINTS

T = TypeVar("T")
WITHIN = {"submit.reserved", "outcome.written"}
"""Places within a unit of work: whoever slept there would keep everybody else from writing."""
OF_A_REQUEST = ("step.claimed", "assess.", "submit.", "outcome.")
DROWSY = tuple(
    place
    for place in POINTS
    if place.startswith((*OF_A_REQUEST, "publish.", "sweep.")) and place not in WITHIN
)
"""Places at which one can fall asleep while others go on."""
HELD = tuple(
    place for place in DROWSY if place.startswith(OF_A_REQUEST) and not place.endswith(".stored")
)
"""Of these, the places at which nobody else may have the request in hand."""


class Crash(BaseException):
    """The process ends here, as if it had been killed."""


@dataclass(frozen=True, slots=True)
class Trap:
    """At which place, the nth time, what others do while this one sleeps; None: it dies.

    So do as many `more` who come there next. `then` waits for whoever goes on.
    """

    place: str
    nth: int = 1
    meanwhile: Sequence[str] | None = None
    then: Trap | None = None
    more: int = 0


class Life:
    """One process after the other; `disturb(request, trap)` is told of each trap that springs."""

    def __init__(self, ground: Ground, disturb: Callable[[str, Trap], None]) -> None:
        self._ground = ground
        self._disturb = disturb
        self.trap: Trap | None = None
        self._come_by = 0
        self._unfinished = False
        self.blind = False
        self._in_hand = ""
        self.app: App = ground.life()
        ground.reach = self._reach

    def begin_anew(self) -> None:
        """Let another process take over."""
        self.app = self._ground.life(blind=self.blind)

    def look(self, *, blind: bool) -> None:
        """Have look-ups at portals be no proof if `blind`."""
        if blind != self.blind:
            self.blind = blind
            self.begin_anew()

    def set_trap(self, trap: Trap | None) -> None:
        """Set a trap; one that is not done yet is left."""
        if trap is not None and not self._unfinished:
            self.trap = trap
            self._come_by = 0

    def do(self, work: Callable[[App], T]) -> T | None:
        """Have it do this; None when it died of it."""
        try:
            return work(self.app)
        except Crash:
            return None

    def _reach(self, place: str, request: str = "") -> None:
        if place == "step.claimed":
            self._in_hand = request
        trap = self.trap
        if trap is None or trap.place != place:
            return
        self._come_by += 1
        if self._come_by == trap.nth:
            self._spring(trap)

    def _spring(self, trap: Trap) -> None:
        self._unfinished = trap.more > 0
        self.trap, self._come_by = (
            (replace(trap, nth=1, more=trap.more - 1), 0) if self._unfinished else (None, 0)
        )
        in_hand = self._in_hand if trap.place.startswith(OF_A_REQUEST) else ""
        self.begin_anew()
        self._disturb(in_hand, trap)
        if trap.meanwhile is None:
            raise Crash(trap.place)
