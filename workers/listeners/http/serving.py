"""Serves the HTTP application until told to stop."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import uvicorn
from typing_extensions import override

from workers.app import App
from workers.listeners.http.application import create
from workers.listeners.http.patience import patient
from workers.listeners.http.waiting import Waiting

CONNECTIONS = 2_000
"""At a time in one process; one more is turned away with 503."""
LEAVE_S = 20
"""How long a process that stops waits for those that it still answers."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it runs in, and lets nobody wait as it stops."""

    def __init__(self, config: uvicorn.Config, waiting: Waiting, stopping: threading.Event) -> None:
        super().__init__(config)
        self._waiting = waiting
        self._stopping = stopping

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def on_tick(self, counter: int) -> bool:
        self.should_exit = self.should_exit or self._stopping.is_set()
        if self.should_exit:
            self._waiting.end()
        return await super().on_tick(counter)


def serve(app: App, stopping: threading.Event) -> int:
    """Answer HTTP until told to stop."""
    waiting = Waiting(app)
    config = uvicorn.Config(
        create(app, waiting),
        host=app.http_host,
        port=app.http_port,
        http=patient(app.limits.http_read_s),
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=LEAVE_S,
        log_config=None,
        access_log=False,
        server_header=False,
    )
    _Server(config, waiting, stopping).run()
    return 0 if stopping.is_set() else 1
