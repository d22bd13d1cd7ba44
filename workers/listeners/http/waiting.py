"""Waits until requests move, for many clients, with one question to the database at a time.

No thread is held by a client that waits. Never promises that a move is seen at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

import structlog
from starlette.concurrency import run_in_threadpool

from ledger import views
from ledger.store import DatabaseError
from workers.app import App

log = structlog.get_logger()

LONGEST_S = 60.0
MOST = 1_000
"""Clients that wait at a time in one process; one more is answered at once."""
PAUSE_S = 0.25


class Waiting:
    """Everybody who waits for a request to move, and the one task that looks for them."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._waiting: dict[asyncio.Future[None], tuple[str, str]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._ended = False

    async def moved(self, request: str, version: str, within_s: float) -> None:
        """Return once the request's version is another, or the time is over."""
        if self._ended or len(self._waiting) >= MOST:
            return
        moved: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[moved] = (request, version)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            await asyncio.wait([moved], timeout=within_s)
        finally:
            del self._waiting[moved]

    def end(self) -> None:
        """Answer everybody at once; for a process that stops."""
        self._ended = True
        for moved in list(self._waiting):
            _settle(moved)

    async def _look(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE_S)
            asked = {request for request, _ in self._waiting.values()}
            self._tell(await run_in_threadpool(self._versions, asked))

    def _versions(self, asked: Collection[str]) -> Mapping[str, str]:
        try:
            return self._app.store.read(lambda db: views.versions(db, asked))
        except DatabaseError as error:
            log.warning("waiting.away", error=type(error).__name__)
            return {}

    def _tell(self, versions: Mapping[str, str]) -> None:
        for moved, (request, version) in self._waiting.items():
            if versions.get(request, version) != version:
                _settle(moved)


def _settle(moved: asyncio.Future[None]) -> None:
    if not moved.done():
        moved.set_result(None)
