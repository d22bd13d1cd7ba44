"""Whoever works at present: a process that dies, or falls asleep, where a trap is set for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tests.model.ground import Ground
from workers.app import App
from workers.failpoints import POINTS

T = TypeVar("T")
OF_A_REQUEST = ("step.claimed", "assess.", "submit.", "outcome.")
WITHIN = {"submit.reserved", "outcome.written"}
"""Places within a unit of work: whoever slept there would keep everybody else from writing."""
DROWSY = tuple(
    place
    for place in POINTS
    if place.startswith((*OF_A_REQUEST, "publish.", "sweep.")) and place not in WITHIN
)
"""Places at which one can fall asleep while others go on."""
HELD = tuple(
    place for place in DROWSY if place.startswith(OF_A_REQUEST) and not place.endswith(".stored")
)
"""Of these, the places at which nobody else may take up the request."""


class Crash(BaseException):
    """The process ends here, as if it had been killed."""


@dataclass(frozen=True, slots=True)
class Trap:
    """At which place one dies, and the next one as well if `twice`; or falls asleep.

    `meanwhile` is what others do then, and `then` the trap that waits for them.
    """

    place: str
    meanwhile: Sequence[str] | None = None
    then: Trap | None = None
    twice: bool = False


def nobody(_trap: Trap, _request: str) -> None:
    """Do nothing."""


def twice(place: str) -> Trap:
    """Give a trap in which two die, one after the other."""
    return Trap(place, twice=True)


class Life:
    """One process after the other."""

    def __init__(self, ground: Ground) -> None:
        self.sprung: Callable[[Trap, str], None] = nobody
        """Is told of each trap that springs, and over which request, if any."""
        self._ground = ground
        self._trap: Trap | None = None
        self._again: str | None = None
        self._in_hand = ""
        self.blind = False
        self.app: App = ground.life(blind=False)
        ground.reach = self._reach

    def begin_anew(self, *, blind: bool) -> None:
        """Let another process take over, to which an empty look-up is no proof if `blind`."""
        self.blind = blind
        self.app = self._ground.life(blind=blind)

    def set(self, trap: Trap | None) -> None:
        """Set a trap in place of the last; with None, that one waits on."""
        self._trap = trap or self._trap

    def clear(self) -> None:
        """Take all traps away."""
        self._trap = self._again = None

    def do(self, work: Callable[[App], T]) -> T | None:
        """Have it do this; None when it died of it."""
        try:
            return work(self.app)
        except Crash:
            return None

    def _reach(self, place: str, request: str = "") -> None:
        if place == "step.claimed":
            self._in_hand = request
        if place == self._again:
            self._again = None
            self._spring(Trap(place))
        elif self._trap is not None and self._trap.place == place:
            trap, self._trap = self._trap, None
            self._again = place if trap.twice else None
            self._spring(trap)

    def _spring(self, trap: Trap) -> None:
        in_hand = self._in_hand if trap.place.startswith(OF_A_REQUEST) else ""
        self.begin_anew(blind=self.blind)
        self.sprung(trap, in_hand)
        if trap.meanwhile is None:
            raise Crash(trap.place)
