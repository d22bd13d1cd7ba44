"""How long it takes until somebody takes up what a dead or stopped worker had in its hands.

Seen from outside: whose hands a request is in, and when its fence goes up, are read from the
ledger by SQL, several times a second. Rescues nobody itself.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ledger import audit
from ledger.audit import Hands, Hold
from ledger.store import DatabaseError, Store
from ops.drill.schedule import Trouble


@dataclass(frozen=True, slots=True)
class Rescue:
    """A request that somebody took up again, and how long after the trouble."""

    trouble: Trouble
    request: str
    took_s: float
    parked: bool = False
    """Whether it had to wait for its portal too, which was parked meanwhile."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request that nobody has taken up yet; `since` is monotonic."""

    trouble: Trouble
    hold: Hold
    since: float
    parked: bool = False


@dataclass(slots=True)
class Rescues:
    """All rescues of a drill."""

    store: Store
    done: list[Rescue] = field(default_factory=list)
    hands: Counter[str] = field(default_factory=Counter)
    """How often each request was in hands that trouble befell."""
    _waiting: list[_Waiting] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def befall(self, trouble: Trouble, pid: int | None) -> None:
        """Note what is in the hands of this process, or of all, just before they are troubled."""
        since = time.monotonic()
        try:
            holds = self.store.read(audit.held)
        except DatabaseError:
            return  # who holds what cannot be told now; then it counts for nobody
        with self._lock:
            for hold in holds:
                if pid is None or f":{pid}:" in hold.owner:
                    self.hands[hold.request] += 1
                    if pid is not None:
                        self._waiting.append(_Waiting(trouble, hold, since))

    def look(self) -> None:
        """See who was taken up since the last look."""
        with self._lock:
            waiting = self._waiting
        if not waiting:
            return
        numbers = {one.hold.request for one in waiting}
        try:
            now_held = self.store.read(lambda db: audit.hands(db, numbers))
        except DatabaseError:
            return
        with self._lock:
            self._settle(now_held, time.monotonic())

    def open(self) -> Sequence[str]:
        """Give the requests that nobody has taken up yet."""
        with self._lock:
            return sorted({one.hold.request for one in self._waiting})

    def _settle(self, now_held: dict[str, Hands], now: float) -> None:
        left = []
        for one in self._waiting:
            hands = now_held.get(one.hold.request)
            if hands is None:  # came since the look
                left.append(one)
            elif hands.fence > one.hold.fence:
                took_s = now - one.since
                self.done.append(Rescue(one.trouble, one.hold.request, took_s, one.parked))
            elif hands.owner is not None:
                left.append(replace(one, parked=one.parked or hands.parked))
            # else its holder had let it go already: the last word was on its way
        self._waiting = left
