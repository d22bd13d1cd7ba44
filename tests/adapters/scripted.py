"""A server that answers byte for byte what a test wrote down, one answer a request."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Say:
    """Bytes to send; then the line is kept, hung up, or held open in silence."""

    raw: bytes = b""
    hang_up: bool = False
    stall: bool = False


HANG_UP = Say(hang_up=True)


def answer(status: int, body: object = None, **headers: str) -> Say:
    """Spell a whole answer; header names are written with underscores."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    content = b"" if body is None else content
    lines = {"Content-Type": "application/json", "Content-Length": str(len(content))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Say(head(status, lines) + content)


def head(status: int, lines: Mapping[str, str]) -> bytes:
    """Spell the part before the body."""
    spelled = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{spelled}\r\n".encode()


def closed_port() -> str:
    """Find an address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


class ScriptedServer:
    """Listens on a free port of the loopback; `heard` holds what clients sent."""

    def __init__(self, *script: Say) -> None:
        self._script = list(script)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.heard: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def add(self, *script: Say) -> None:
        """Write on."""
        self._script.extend(script)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            line.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._lines.append(line)
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        try:
            while request := _read_request(line):
                self.heard.append(request)
                say = self._script.pop(0)
                line.sendall(say.raw)
                if say.stall:
                    return
                if say.hang_up:
                    line.shutdown(socket.SHUT_RDWR)
                    return
        except OSError:
            return


def _read_request(line: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        more = line.recv(65536)
        if not more:
            return b""
        got += more
    start, _, body = got.partition(b"\r\n\r\n")
    length = _content_length(start)
    while len(body) < length:
        body += line.recv(65536)
    return start + b"\r\n\r\n" + body


def _content_length(start: bytes) -> int:
    for header in start.split(b"\r\n"):
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
