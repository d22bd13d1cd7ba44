"""Carries out a schedule: begins each trouble at its time, and ends each at its own.

What cannot be made is missed, and said to be; what cannot be put right yet is tried again until it
can. Nothing stays wrong, however the drill ends.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from ops.drill.schedule import Trouble
from ops.drill.trouble import CANNOT, DEEDS, Ground, Remedy, heal
from ops.problem import Problem

log = structlog.get_logger()
LOOK_S = 0.05
AGAIN_S = 0.5
HEALED_S = 60.0


@dataclass(slots=True)
class Met:
    """A trouble as it came; moments are this machine's clock."""

    trouble: Trouble
    began_at: float
    ended_at: float | None = None
    missed: str | None = None
    """Why it could not be made."""

    def overlaps(self, since: float, until: float) -> bool:
        """Whether any of it came between these moments."""
        ended_at = math.inf if self.ended_at is None else self.ended_at
        return self.missed is None and self.began_at <= until and since <= ended_at


@dataclass(frozen=True, slots=True)
class _Open:
    """A trouble that is on until so many seconds after the start."""

    met: Met
    until_s: float
    remedy: Remedy | None


@dataclass(slots=True)
class Troubles:
    """A schedule under way; `met` is what came of it so far."""

    ground: Ground
    schedule: Sequence[Trouble]
    tell: Callable[[Met], None]
    met: list[Met] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)

    def run(self, length_s: float, over: threading.Event) -> None:
        """Work the schedule off for so many seconds; end at once when it is over before."""
        began, coming = time.monotonic(), deque(self.schedule)
        while (now_s := time.monotonic() - began) < length_s and not over.is_set():
            self._end(now_s)
            while coming and coming[0].at_s <= now_s:
                self._begin(coming.popleft(), now_s)
            over.wait(LOOK_S)

    def heal(self) -> None:
        """End all that is on and put everything right; raise `Problem` when that does not help."""
        wait = threading.Event()
        until = time.monotonic() + HEALED_S
        while time.monotonic() < until:
            self._end(math.inf)
            try:
                heal(self.ground)
            except CANNOT:
                wait.wait(AGAIN_S)
            else:
                if not self._open:
                    return
        raise Problem(f"not everything could be put right within {HEALED_S:.0f} s of trouble's end")

    def on(self) -> list[Trouble]:
        """Give what is on at this moment."""
        return [one.met.trouble for one in list(self._open)]

    def _begin(self, trouble: Trouble, now_s: float) -> None:
        met = Met(trouble, time.time())
        self.met.append(met)
        try:
            remedy = DEEDS[trouble.kind](self.ground, trouble)
        except CANNOT as error:
            met.missed, met.ended_at = str(error) or type(error).__name__, met.began_at
        else:
            self._open.append(_Open(met, now_s + trouble.length_s, remedy))
        log.info(
            "drill.trouble",
            kind=trouble.kind,
            target=trouble.target,
            length_s=trouble.length_s,
            missed=met.missed,
        )
        self.tell(met)

    def _end(self, now_s: float) -> None:
        left = []
        for one in self._open:
            if one.until_s > now_s or not _ended(one.remedy):
                left.append(one)
                continue
            one.met.ended_at = time.time()
            if one.met.trouble.length_s:
                log.info("drill.relief", kind=one.met.trouble.kind, target=one.met.trouble.target)
                self.tell(one.met)
        self._open = left


def _ended(remedy: Remedy | None) -> bool:
    try:
        if remedy is not None:
            remedy()
    except CANNOT:
        return False
    return True
