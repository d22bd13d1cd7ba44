"""How often one address may have a draft checked: ids must not be found out by trying.

Kept in this process alone and forgotten with it; what is sent for good is not counted here.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

KEPT = 4_096


class Pace:
    """A bucket of so many checks for each address, filled again at a steady rate."""

    def __init__(self, most: float = 60.0, per_s: float = 1.0) -> None:
        self._most = most
        self._per_s = per_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, address: str, cost: float = 1.0) -> bool:
        """Take from the address's bucket, if there is enough in it."""
        now = time.monotonic()
        with self._lock:
            left, at = self._buckets.pop(address, (self._most, now))
            left = min(self._most, left + (now - at) * self._per_s)
            allowed = left >= cost
            self._buckets[address] = (left - cost if allowed else left, now)
            while len(self._buckets) > KEPT:
                self._buckets.popitem(last=False)
        return allowed
