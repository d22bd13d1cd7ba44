"""How much one sender or visitor may ask: a bucket of tokens each, in this process alone.

Never remembers more than so many of them; who was quiet long enough is forgotten.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict

KEPT = 10_000


class Buckets:
    """A bucket for each, filled `per_s` tokens a second up to what comes in `burst_s`."""

    def __init__(self, per_s: float, burst_s: float) -> None:
        self._per_s = per_s
        self._burst_s = burst_s
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._using = threading.Lock()

    def wait_s(self, who: str, tokens: float = 1.0) -> int:
        """Take tokens; 0 if there were enough, else after how many seconds there will be."""
        with self._using:
            level = self._level(who)
            if level < tokens:
                return math.ceil((tokens - level) / self._per_s)
            self._keep(who, level - tokens)
            return 0

    def owe(self, who: str, tokens: float) -> None:
        """Take more tokens than may be there: whoever comes next waits for them."""
        with self._using:
            self._keep(who, self._level(who) - tokens)

    def _level(self, who: str) -> float:
        most = max(self._per_s * self._burst_s, 1.0)
        level, at = self._levels.get(who, (most, 0.0))
        return min(most, level + (time.monotonic() - at) * self._per_s)

    def _keep(self, who: str, level: float) -> None:
        self._levels[who] = (level, time.monotonic())
        self._levels.move_to_end(who)
        if len(self._levels) > KEPT:
            self._levels.popitem(last=False)
