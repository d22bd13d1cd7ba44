"""Stands between us and Redis or PostgreSQL, and makes trouble at the request a test names.

Knows nothing of either protocol but where a Redis command ends. A request is what comes in one
piece from a client that has had its answer to the one before. What was done is written down in
`log`, and a fault that never struck fails its test.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Self

from sqlalchemy.engine import make_url

PIECE = 1 << 20
PATIENCE_S = 30.0
Address = str | tuple[str, int]
"""Of a Unix socket, or host and port."""


class How(Enum):
    """What becomes of a request: the first two as it comes, the others with its reply."""

    CUT = "cut before the server had it"
    ANSWER = "answered in the server's place"
    SWALLOW = "reply swallowed, connection cut"
    SEVER = "connection cut after the reply"
    HOLD = "reply held back"


EARLY = (How.CUT, How.ANSWER)


@dataclass(slots=True)
class Fault:
    """Strikes from the nth request on that matches, so many times."""

    how: How
    request: bytes = b""
    reply: bytes = b""
    """What the reply has to contain, for a fault that is decided with it."""
    nth: int = 1
    times: int = 1
    answer: bytes = b""
    seen: int = 0
    struck: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    """Set when replies are held back no longer."""

    def strikes(self, request: bytes, reply: bytes) -> bool:
        if self.over.is_set() or self.request not in request or self.reply not in reply:
            return False
        self.seen += 1
        strikes = self.nth <= self.seen < self.nth + self.times
        self.struck += strikes
        return strikes


class Proxy:
    """Passes bytes on between its own address and the server's until it is closed."""

    def __init__(self, server: Address, at: Path | None = None) -> None:
        """Listen at the Unix socket `at`, or at a free port."""
        self._server = server
        self._at: Address = ("127.0.0.1", 0) if at is None else str(at)
        self._links: set[_Link] = set()
        self._faults: list[Fault] = []
        self._guard = threading.Lock()
        self.log: list[str] = []
        self.open()

    @property
    def address(self) -> Address:
        return self._at

    def open(self) -> None:
        """Take connections."""
        self._listener = _listen(self._at)
        if not isinstance(self._at, str):
            self._at = self._listener.getsockname()
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Cut what is connected and refuse whoever comes."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if isinstance(self._at, str):
            Path(self._at).unlink(missing_ok=True)
        self.cut()

    def cut(self) -> None:
        """Cut all connections now."""
        with self._guard:
            links, self._links = self._links, set()
        for link in links:
            link.cut()
        self.log.append(f"cut {len(links)}")

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Be gone, as a server that is down."""
        self.close()
        try:
            yield
        finally:
            self.open()

    def arm(self, how: How, request: bytes = b"", **more: bytes | int) -> Fault:
        """Make trouble from now on; see `Fault`."""
        fault = Fault(how, request, **more)  # type: ignore[arg-type]  # each has its own type
        with self._guard:
            self._faults.append(fault)
        return fault

    @contextlib.contextmanager
    def fault(self, how: How, request: bytes = b"", **more: bytes | int) -> Iterator[Fault]:
        """Make trouble until the block ends; fail if there was none."""
        fault = self.arm(how, request, **more)
        yield fault
        fault.over.set()
        assert fault.struck, f"{how} {request!r} never happened: {self.log}"

    def judge(self, request: bytes, reply: bytes | None = None) -> Fault | None:
        """Give what befalls a request, or with a `reply` what befalls that."""
        with self._guard:
            for fault in self._faults:
                early = fault.how in EARLY
                if early == (reply is None) and fault.strikes(request, reply or b""):
                    self.log.append(f"{fault.how.value}: {request[:80]!r}")
                    return fault
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for fault in self._faults:
            fault.over.set()
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                link = _Link(self, client, _connect(self._server))
            except OSError:
                client.close()
                continue
            threading.Thread(target=self._carry, args=(link,), daemon=True).start()

    def _carry(self, link: _Link) -> None:
        with self._guard:
            self._links.add(link)
        link.run()
        with self._guard:
            self._links.discard(link)


class _Link:
    """One connection and its other half; a thread for each direction."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = server
        self._request = b""

    def run(self) -> None:
        replies = threading.Thread(target=self._until_cut, args=(self._replies,), daemon=True)
        replies.start()
        self._until_cut(self._requests)
        replies.join()
        for end in (self._client, self._server):
            end.close()

    def cut(self) -> None:
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _until_cut(self, passing_on: Callable[[], None]) -> None:
        with contextlib.suppress(OSError):
            passing_on()
        self.cut()

    def _requests(self) -> None:
        while piece := self._client.recv(PIECE):
            fault = self._proxy.judge(piece)
            if fault is None:
                self._request += piece
                self._server.sendall(piece)
            elif fault.how is How.ANSWER:
                self._client.sendall(fault.answer * commands(piece))
            else:
                return

    def _replies(self) -> None:
        while piece := self._server.recv(PIECE):
            request, self._request = self._request, b""
            fault = self._proxy.judge(request, piece) if request else None
            if fault is not None and fault.how is How.SWALLOW:
                return
            if fault is not None and fault.how is How.HOLD:
                fault.over.wait(PATIENCE_S)
            self._client.sendall(piece)
            if fault is not None and fault.how is How.SEVER:
                return


def commands(piece: bytes) -> int:
    """Count the Redis commands in a piece that holds whole ones."""
    count, rest = 0, piece
    while rest:
        words, _, rest = rest.partition(b"\r\n")
        count += 1
        for _ in range(int(words[1:])):
            size, _, rest = rest.partition(b"\r\n")
            rest = rest[int(size[1:]) + 2 :]
    return count


def _listen(at: Address) -> socket.socket:
    if isinstance(at, tuple):
        return socket.create_server(at)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(at)
    listener.listen()
    return listener


def _connect(server: Address) -> socket.socket:
    if isinstance(server, tuple):
        return socket.create_connection(server)
    found = socket.socket(socket.AF_UNIX)
    found.connect(server)
    return found


@contextlib.contextmanager
def before_redis(url: str, folder: Path) -> Iterator[tuple[Proxy, str]]:
    """Stand before the Redis at a Unix socket; give the proxy and its URL."""
    with Proxy(url.removeprefix("unix://"), folder / "p") as proxy:
        yield proxy, f"unix://{proxy.address}"


@contextlib.contextmanager
def before_postgresql(url: str) -> Iterator[tuple[Proxy, str]]:
    """Stand before PostgreSQL, which is spoken to in clear; give the proxy and its URL."""
    there = make_url(url)
    with Proxy((there.host or "127.0.0.1", there.port or 5432)) as proxy:
        here = there.set(host="127.0.0.1", port=int(proxy.address[1]))
        clear = here.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
        yield proxy, clear.render_as_string(hide_password=False)
