"""The HTTP process within a test's own, on a port of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from tests.free_port import free_port
from workers.app import App
from workers.listeners.http.serving import serve


@contextmanager
def serving(app: App) -> Iterator[httpx.Client]:
    """Serve an app, and give a client that waits for it to come up."""
    app = replace(app, http_port=free_port())
    stopping = threading.Event()
    server = threading.Thread(target=serve, args=(app, stopping))
    server.start()
    patient = httpx.HTTPTransport(retries=8)
    with httpx.Client(
        transport=patient, base_url=f"http://127.0.0.1:{app.http_port}", timeout=30
    ) as client:
        yield client
    stopping.set()
    server.join()
