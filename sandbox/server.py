"""Serves the sandbox with uvicorn: in the foreground, or in a thread for whoever tests against it.

with SandboxServer(Settings()) as sandbox:
    httpx.get(f"{sandbox.base_url}/_sandbox/health")
"""

from __future__ import annotations

import socket
import threading
import time
from types import FrameType, TracebackType
from typing import Self

import uvicorn
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from sandbox.app import Sandbox
from sandbox.clock import Clock
from sandbox.exchange import CuttableProtocol
from sandbox.gate import Gate
from sandbox.settings import Settings

#: Longer than clients keep idle connections, or they would meet one that is just being closed.
KEEP_ALIVE_S = 120
#: For answers that are being sent when the sandbox is told to stop.
GRACE_S = 1


class Server(uvicorn.Server):
    """uvicorn that says when it listens, and for which a signal to stop is a clean end."""

    def __init__(self, config: uvicorn.Config, gate: Gate) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.gate = gate

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.gate.closing.set()
        await super().shutdown(sockets)

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn would raise the signal once more after it has shut down.
        self.should_exit = True


def server_for(gate: Gate) -> Server:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await server.gate(scope, receive, send)

    config = uvicorn.Config(
        serve,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # by the sandbox's clock instead
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = Server(config, gate)
    return server


def listen(host: str, port: int) -> socket.socket:
    """Bind first: the port is known, and callers may connect before the server runs."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(512)
    return listener


class SandboxServer:
    """A sandbox on a free loopback port for as long as the `with` block runs."""

    def __init__(
        self, settings: Settings | None = None, clock: Clock = time.time, port: int = 0
    ) -> None:
        self._clock = clock
        self.sandbox = Sandbox(settings or Settings(), clock)
        self._listener = listen("127.0.0.1", port)
        self.port: int = self._listener.getsockname()[1]
        self._server = server_for(self.sandbox.gate)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listener],), name="sandbox"
        )

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def azure_url(self) -> str:
        return f"{self.base_url}/azure"

    @property
    def bridge_url(self) -> str:
        return f"{self.base_url}/bridge"

    def start(self) -> Self:
        self._thread.start()
        self._server.ready.wait()
        return self

    def begin_anew(self, settings: Settings | None = None) -> None:
        """Forget everything, as if another sandbox had come up at the same address."""
        before = self.sandbox
        catalogue = before.azure.catalogue
        self.sandbox = Sandbox(settings or Settings(), self._clock, catalogue=catalogue)
        self._server.gate = self.sandbox.gate
        before.close()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.sandbox.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
