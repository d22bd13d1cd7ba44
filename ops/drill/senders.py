"""Senders that keep the contract: what is not acknowledged is sent again, the same under its key.

By HTTP 202 and 200 acknowledge, by the stream the event `request.accepted` does. Every request is
written to a file of the drill's folder before it is sent for the first time.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from pathlib import Path

import httpx
import orjson
import redis

from ops.drill import load
from ops.drill.load import Order
from ops.drill.receiver import Receiver
from workers.listeners.http.formats import EVENT

THREADS = 16
ANSWER_S = 10.0
AGAIN_S = 5.0
LOOK_S = 0.1
ACKNOWLEDGED = (HTTPStatus.ACCEPTED, HTTPStatus.OK)


@dataclass(slots=True)
class Sent:
    """A request on its way; times are this machine's clock."""

    order: Order
    at: float
    times: int = 0
    acknowledged_at: float | None = None
    last_at: float = field(default=float("-inf"))


class Book:
    """Who was sent what, by the request's number; each line is on disk before the sending."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("ab", buffering=0)
        self._sent: dict[str, Sent] = {}
        self._lock = threading.Lock()

    def enter(self, order: Order) -> Sent:
        """Write down that this is going to be sent."""
        sent = Sent(order, time.time())
        line = {"key": order.key, "number": order.number, "way": order.way, "at": sent.at}
        with self._lock:
            self._file.write(orjson.dumps(line) + b"\n")
            self._sent[order.number] = sent
        return sent

    def sent(self) -> Mapping[str, Sent]:
        """Give what went out at least once."""
        with self._lock:
            return {number: sent for number, sent in self._sent.items() if sent.times}

    def open(self) -> int:
        """Give how many are not acknowledged."""
        with self._lock:
            return sum(sent.acknowledged_at is None for sent in self._sent.values())

    def close(self) -> None:
        self._file.close()


class Senders:
    """Everyone who sends, at `rate` new requests a second together."""

    def __init__(self, book: Book, receiver: Receiver, *, http_url: str, rate: float) -> None:
        self._book = book
        self._receiver = receiver
        self._http_url = http_url
        self._rate = rate
        self._by_http: queue.SimpleQueue[Sent | None] = queue.SimpleQueue()
        self._by_stream: queue.SimpleQueue[Sent] = queue.SimpleQueue()
        self._enough = threading.Event()
        self._over = threading.Event()

    @contextmanager
    def sending(self, server: redis.Redis, stream: str) -> Iterator[None]:
        """Send for as long as the block runs; nobody is waited for afterwards but in a call."""
        works = [
            ("pace", self._pace),
            ("stream", lambda: self._send_by_stream(server, stream)),
            *(("http", self._send_by_http) for _ in range(THREADS)),
        ]
        threads = [threading.Thread(target=work, name=f"sender {name}") for name, work in works]
        with ExitStack() as stack:
            stack.callback(self._end, threads)
            for thread in threads:
                thread.start()
            yield

    def cease(self) -> None:
        """Begin no more requests; those that are not acknowledged are still sent again."""
        self._enough.set()

    def _end(self, threads: list[threading.Thread]) -> None:
        self._enough.set()
        self._over.set()
        for _ in range(THREADS):
            self._by_http.put(None)
        for thread in threads:
            thread.join()

    def _pace(self) -> None:
        began = time.monotonic()
        for number in count(1):
            due = began + (number - 1) / self._rate
            if self._enough.wait(max(0.0, due - time.monotonic())):
                return
            sent = self._book.enter(load.order(number))
            (self._by_http if sent.order.way == "http" else self._by_stream).put(sent)

    # ---- By HTTP ---------------------------------------------------------------------------------

    def _send_by_http(self) -> None:
        with httpx.Client(base_url=self._http_url, trust_env=False, timeout=ANSWER_S) as client:
            while (sent := self._by_http.get()) is not None and not self._over.is_set():
                while not _posted(client, sent) and not self._over.wait(0.5):
                    pass

    # ---- By the stream ---------------------------------------------------------------------------

    def _send_by_stream(self, server: redis.Redis, stream: str) -> None:
        waiting: list[Sent] = []
        while not self._over.wait(LOOK_S):
            while not self._by_stream.empty():
                waiting.append(self._by_stream.get())
            waiting = [sent for sent in waiting if not self._answered(sent)]
            try:
                for sent in waiting:
                    _add(server, stream, sent)
            except redis.RedisError:
                continue

    def _answered(self, sent: Sent) -> bool:
        if sent.order.key not in self._receiver.accepted:
            return False
        sent.acknowledged_at = time.time()
        return True


def _posted(client: httpx.Client, sent: Sent) -> bool:
    sent.times += 1
    try:
        answer = client.post(
            "/v1/requests", content=sent.order.body, headers={"Content-Type": EVENT}
        )
    except httpx.RequestError:
        return False
    if answer.status_code not in ACKNOWLEDGED:
        return False
    sent.acknowledged_at = time.time()
    return True


def _add(server: redis.Redis, stream: str, sent: Sent) -> None:
    """Add it to the stream if it is time; raise what the server raises."""
    if time.monotonic() - sent.last_at < AGAIN_S:
        return
    sent.last_at = time.monotonic()
    sent.times += 1
    server.xadd(stream, {"event": sent.order.body})
