"""How much one sender may post: a bucket of tokens each, in this process alone.

Never remembers more than so many senders; one that was quiet long enough is forgotten.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict

BURST_S = 10.0
"""A full bucket holds what comes in this time."""
MOST = 10_000


class Buckets:
    """A bucket for each sender, filled `per_s` tokens a second."""

    def __init__(self, per_s: float) -> None:
        self._per_s = per_s
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._using = threading.Lock()

    def wait_s(self, sender: str) -> int:
        """Take a token; 0 if there was one, else after how many seconds there will be."""
        with self._using:
            level = self._level(sender)
            if level < 1:
                return math.ceil((1 - level) / self._per_s)
            self._keep(sender, level - 1)
            return 0

    def owe(self, sender: str, tokens: int) -> None:
        """Take more tokens than may be there: whoever comes next waits for them."""
        with self._using:
            self._keep(sender, self._level(sender) - tokens)

    def _level(self, sender: str) -> float:
        most = max(self._per_s * BURST_S, 1.0)
        level, at = self._levels.get(sender, (most, 0.0))
        return min(most, level + (time.monotonic() - at) * self._per_s)

    def _keep(self, sender: str, level: float) -> None:
        self._levels[sender] = (level, time.monotonic())
        self._levels.move_to_end(sender)
        if len(self._levels) > MOST:
            self._levels.popitem(last=False)
