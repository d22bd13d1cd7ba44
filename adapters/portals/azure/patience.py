"""How long one call may wait for Azure. Waits end at once when the carrier is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """How the carrier behaves: times in seconds."""

    patience_s: float = 60.0
    """How long one call waits for an operation before the caller is asked to come back."""
    poll_s: float = 5.0
    """How often it asks, when Azure names no time."""
    visible_after_s: float = 60.0
    """How long a ticket that Azure took may be missing from look-ups."""
    catalogue_ttl_s: float = 3600.0
    portal_url: str = "https://portal.azure.com"


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait of `seconds` before Azure is asked again; `named` and `ill` as in `TryLater`."""

    seconds: float
    named: bool = False
    ill: bool = False


class Patience:
    """One call's time, running from its making."""

    def __init__(
        self, total_s: float, monotonic: Callable[[], float], stopping: threading.Event
    ) -> None:
        self._until = monotonic() + total_s
        self._monotonic = monotonic
        self._stopping = stopping

    def wait(self, pause_s: float) -> bool:
        """Wait, and say whether there was time for it; without a pause that would outlast us."""
        if self._stopping.is_set() or self._monotonic() + pause_s > self._until:
            return False
        return not self._stopping.wait(pause_s)
