"""Takes messages to RabbitMQ, for any number of threads, and waits only so long for its word.

Opens its connection with the first message and again after it was lost. While the server is away it
says so at once, and tries again every second. Never sends anything again by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future

from adapters.rabbit.link import Link
from adapters.rabbit.parcel import Fate, Parcel
from adapters.rabbit.place import Place, RabbitAway, away

REST_S = 1.0
"""Between two tries to reach a server that is away."""


class Courier:
    """One connection at a time; all methods raise `RabbitAway`."""

    def __init__(self, place: Place, use: str) -> None:
        self._place = place
        self._use = use
        self._opening = threading.Lock()
        self._link: Link | None = None
        self._rests_until = 0.0

    def send(self, parcels: Sequence[Parcel], timeout_s: float | None = None) -> list[Fate]:
        """Send in order and wait for the server's word on each; `UNKNOWN` where none came."""
        if not parcels:
            return []
        link = self._open()
        fates = link.send(parcels)
        try:
            return fates.result(timeout_s or self._place.timeout_s)
        except TimeoutError:
            self._give_up(link)
            return self._last(fates)

    def _last(self, fates: Future[list[Fate]]) -> list[Fate]:
        """Wait for what ends with its link; a link that ended before it began tells nothing."""
        try:
            return fates.result(self._place.timeout_s)
        except TimeoutError as error:
            raise away(error) from None

    def count(self, queue: str) -> int | None:
        """Give how many messages wait in the queue; None when it is not there."""
        link = self._open()
        try:
            return link.count(queue).result(self._place.timeout_s)
        except TimeoutError as error:
            self._give_up(link)
            raise away(error) from None

    def close(self) -> None:
        with self._opening:
            if self._link is not None:
                self._link.close(self._place.timeout_s)
                self._link = None

    def _open(self) -> Link:
        """Give a link that can publish."""
        with self._opening:
            if self._link is None or not self._link.alive:
                self._link = self._new()
            if self._link.blocked:
                raise RabbitAway("blocked: out of memory or disk")
            return self._link

    def _new(self) -> Link:
        if time.monotonic() < self._rests_until:
            raise RabbitAway("away a moment ago")
        self._link = link = Link(self._place.parameters(self._use))
        try:
            link.ready.result(self._place.timeout_s)
        except (RabbitAway, TimeoutError) as error:
            self._give_up(link)
            raise away(error) if isinstance(error, TimeoutError) else error from None
        return link

    def _give_up(self, link: Link) -> None:
        """Let go of a link that does not answer, so that nobody else waits for it."""
        link.drop()
        self._rests_until = time.monotonic() + REST_S
