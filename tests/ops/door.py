"""A door that small child processes come to: whoever connects lives until the line ends."""

from __future__ import annotations

import socket
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Self

PATIENCE_S = 20.0

BEGIN = """
import os, signal, socket, sys, time
def leave(number, frame):
    line.sendall(b"%f\\n" % time.monotonic())
    sys.exit(0)
"""
ARRIVE = """
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
line.sendall(b"%s %d\\n" % (sys.argv[2].encode(), os.getpid()))
"""
REST = "while True: signal.pause()\n"
LEAVE_AT_ONCE = BEGIN + ARRIVE
STAY = BEGIN + "signal.signal(signal.SIGTERM, leave)" + ARRIVE + REST
IGNORE = BEGIN + "signal.signal(signal.SIGTERM, signal.SIG_IGN)" + ARRIVE + REST
FOLLOW_LIFELINE = (
    BEGIN
    + ARRIVE
    + "from ops import lifeline\n"
    + "lifeline.watch(int(os.environ['TORITSUGI_LIFELINE']))\n"
    + REST
)
WITH_A_CHILD = (
    BEGIN
    + ARRIVE
    + "import subprocess\n"
    + "subprocess.Popen([sys.executable, '-c', sys.argv[3], sys.argv[1], 'grandchild'])\n"
    + REST
)


@dataclass(frozen=True, slots=True)
class Guest:
    """A process that came; its line ends with it."""

    name: str
    pid: int
    line: socket.socket

    def farewell(self) -> bytes:
        """Wait until the process is gone; give what it said last."""
        said = b""
        while True:
            try:
                more = self.line.recv(1024)
            except ConnectionResetError:
                return said
            if not more:
                return said
            said += more


class Door:
    """Listens for guests on a free port."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_S)
        self._lines: list[socket.socket] = []

    def guest(self, script: str, name: str, *more: str) -> tuple[str, ...]:
        """Give the command line of a process that will come."""
        port = str(self._listener.getsockname()[1])
        return (sys.executable, "-c", script, port, name, *more)

    def welcome(self) -> Guest:
        """Wait for the next guest."""
        line, _ = self._listener.accept()
        line.settimeout(PATIENCE_S)
        self._lines.append(line)
        said = b""
        while not said.endswith(b"\n"):
            said += line.recv(1)
        name, pid = said.decode().split()
        return Guest(name, int(pid), line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        for line in self._lines:
            line.close()
