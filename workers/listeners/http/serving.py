"""Serves the HTTP application until told to stop."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import uvicorn
from typing_extensions import override

from workers.app import App
from workers.listeners.http.application import create


class _Server(uvicorn.Server):
    """A server that leaves signals to the process it runs in."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(app: App, stopping: threading.Event) -> int:
    """Answer HTTP until told to stop."""
    config = uvicorn.Config(
        create(app), host=app.http_host, port=app.http_port, log_config=None, access_log=False
    )
    server = _Server(config)

    def stop() -> None:
        stopping.wait()
        server.should_exit = True

    threading.Thread(target=stop, name="stop", daemon=True).start()
    server.run()
    return 0 if stopping.is_set() else 1
