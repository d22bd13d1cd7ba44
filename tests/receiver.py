"""A receiver of webhooks over real HTTP: keeps what comes, checks signatures, answers as told."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import orjson
from standardwebhooks import Webhook
from typing_extensions import override

SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"
PATH = "/hook?token=marked-address-token"
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Came:
    """What came: path, headers (lower case) and bytes."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """Give the event, once its signature was checked."""
        found: dict[str, Any] = Webhook(SECRET).verify(self.body, dict(self.headers))
        return found


class Receiver:
    """Listens on a free port of the loopback."""

    def __init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                receiver._hear(self)

            @override
            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            @override
            def handle_error(self, *_: Any) -> None:
                """Clients that hang up are part of the tests."""

        self._server = Server((HOST, 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.port = self._server.server_address[1]
        self.url = f"http://{HOST}:{self.port}{PATH}"
        self.came: list[Came] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.heard = threading.Event()
        self.goes_on = threading.Event()
        self.goes_on.set()

    def ids(self) -> list[str]:
        return [one.id for one in self.came]

    def events(self) -> list[dict[str, Any]]:
        """Give every event as it came, repeats included."""
        return [orjson.loads(one.body) for one in self.came]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.goes_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _hear(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.came.append(Came(handler.path, headers, body))
        self.heard.set()
        self.goes_on.wait(30)
        handler.send_response(self.status)
        for name, value in {"Content-Length": "0", **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
