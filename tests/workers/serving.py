"""The HTTP process within a test's own, on a port of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import httpx

from adapters.certificates import certificates
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
    wait_for(app.http_port)
    base_url = f"http://127.0.0.1:{app.http_port}"
    with httpx.Client(base_url=base_url, timeout=30, verify=certificates()) as client:
        yield client
    stopping.set()
    server.join()


def wait_for(port: int) -> None:
    """Return when somebody listens there."""
    soon = threading.Event()
    while True:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        soon.wait(0.01)
