"""Keeps the stream of events from growing for ever. Never takes off what a group has not read.

A group that nobody reads for holds the stream up: that is said, and only a person can end it. What
was trimmed is in the ledger, and `toritsugi events replay` publishes it again.
"""

from __future__ import annotations

import structlog

from adapters.outbound.trimming import Keeping, trim
from workers.app import App

log = structlog.get_logger()


class Trimmer:
    """Remembers who held the stream up, so as to say it once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._holding: tuple[str, ...] = ()

    def round(self) -> int:
        """Trim once; give how many entries went. Raises what Redis raises."""
        limits, stream = self._app.limits, self._app.events_stream
        keeping = Keeping(limits.events_kept_s, limits.events_kept, limits.events_cap)
        done = trim(self._app.redis, stream, keeping)
        if done.number:
            log.info("stream.trimmed", stream=stream, number=done.number)
        if done.holding and done.holding != self._holding:
            log.warning("stream.held", stream=stream, groups=done.holding)
        if done.cut:
            log.error("stream.cut", stream=stream, number=done.cut, groups=done.holding)
        self._holding = done.holding
        return done.number + done.cut
