"""dramatiq's broker, cut down to what hints need, whatever carries them (`workers/brokers/`).

A hint is disposable: the database is the truth, and the sweep hints again what is still due. So it
leaves its queue when it is fetched, there is nothing to acknowledge, no delay queue and no dead
letters, and an unreadable one is dropped alone. Never carries anything but a request's number.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Protocol

import dramatiq
import structlog
from dramatiq.broker import Broker, Consumer, MessageProxy
from dramatiq.errors import ConnectionClosed, DecodeError
from dramatiq.middleware import Middleware
from typing_extensions import override

from contracts.ids import is_request_id

ALLOWED_MIDDLEWARE: tuple[type[Middleware], ...] = ()
"""Retries, time limits and shutdown notices lose and double messages; due times replace them."""

SILENT_S = 60.0
"""No server's time-out, however often repeated, keeps a consumer from asking for so long."""

log = structlog.get_logger()


class BrokerAway(Exception):
    """What carries hints does not answer, or not in time: go on, the sweep hints again."""


class HintSource(Protocol):
    """Where a consumer gets the hints of one queue; its methods raise `BrokerAway`."""

    def fetch(self, wait_s: float) -> bytes | None:
        """Take the oldest hint off the queue; wait so long for one."""

    def rest(self) -> None:
        """Keep the connection alive while there is no room for a hint."""

    def give_back(self, hints: Sequence[bytes]) -> None:
        """Put back what was taken and not begun."""

    def close(self) -> None:
        """Let go of the connection, if there is one of its own; never raises."""


class HintBroker(Broker, ABC):
    """Hands out at most `concurrency` hints a queue at a time, so that no queue starves another."""

    def __init__(self, *, concurrency: int, idle_s: float = 1.0) -> None:
        super().__init__(middleware=[])
        self.queues: set[str] = set()
        self._concurrency = concurrency
        self._rooms: dict[str, threading.Semaphore] = {}
        self.idle_s = idle_s
        self._asked: dict[str, float] = {}

    @abstractmethod
    def carry(self, queue: str, hints: Sequence[bytes]) -> None:
        """Add these to the queue, all at once; raise `BrokerAway` soon if that cannot be."""

    @abstractmethod
    def depth(self, queue: str) -> int:
        """Give how many hints nobody has fetched; raise `BrokerAway`."""

    @abstractmethod
    def source(self, queue: str) -> HintSource:
        """Open what a consumer of the queue reads from; raise `BrokerAway`."""

    @override
    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    @override
    def get_declared_queues(self) -> set[str]:
        return self.queues.copy()

    @override
    def enqueue(
        self, message: dramatiq.Message[object], *, delay: int | None = None
    ) -> dramatiq.Message[object]:
        if delay is not None:
            raise ValueError("a hint is never delayed: make the request due later instead")
        self.carry(message.queue_name, [message.encode()])
        return message

    def offer(self, queue: str, requests: Sequence[str]) -> None:
        """Hint the workers of `queue` at these requests; raise `BrokerAway`."""
        if requests:
            self.carry(queue, [_hint(queue, one) for one in requests])

    def beat(self, queue: str) -> None:
        """Note that the consumer of `queue` asks for hints."""
        self._asked[queue] = time.monotonic()

    def silent(self, longest_s: float = SILENT_S) -> list[str]:
        """Give the queues whose consumer has not asked for so long: it hangs."""
        begin = time.monotonic() - longest_s
        return sorted(queue for queue, asked in self._asked.items() if asked <= begin)

    @override
    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> HintConsumer:
        # The room outlives a consumer: what an earlier one handed out still takes its place.
        room = self._rooms.setdefault(queue_name, threading.Semaphore(self._concurrency))
        self.beat(queue_name)
        try:
            source = self.source(queue_name)
        except BrokerAway as error:
            raise ConnectionClosed(error) from None
        return HintConsumer(self, queue_name, room, source)


def _hint(queue: str, request: str) -> bytes:
    message = dramatiq.Message[object](
        queue_name=queue, actor_name=queue, args=(request,), kwargs={}, options={}
    )
    return message.encode()


def _read(queue: str, raw: bytes) -> dramatiq.Message[object] | None:
    """Read what `_hint` writes; None for anything else, since dramatiq believes what it is told.

    An actor that is no text, a delay, an option of the wrong kind: each costs a thread its life or
    a place in hand that never comes back.
    """
    try:
        message = dramatiq.Message[object].decode(raw)
    except DecodeError:
        return None
    said = (message.queue_name, message.actor_name, message.kwargs, message.options)
    if said != (queue, queue, {}, {}) or len(message.args) != 1:
        return None
    (request,) = message.args
    return message if isinstance(request, str) and is_request_id(request) else None


class HintConsumer(Consumer):
    """Takes hints off the queue as threads come free; waits on the server, not on a timer."""

    def __init__(
        self, broker: HintBroker, queue: str, room: threading.Semaphore, source: HintSource
    ) -> None:
        self._broker = broker
        self._queue = queue
        self._room = room
        self._source = source

    @override
    def __next__(self) -> MessageProxy | None:
        self._broker.beat(self._queue)
        try:
            if not self._room.acquire(timeout=self._broker.idle_s):
                self._source.rest()
                return None
            message = self._next()
        except BrokerAway as error:
            raise ConnectionClosed(error) from None
        return None if message is None else MessageProxy(message)

    def _next(self) -> dramatiq.Message[object] | None:
        """Take one; the room goes back unless there was one."""
        message = None
        try:
            raw = self._source.fetch(self._broker.idle_s)
            message = None if raw is None else _read(self._queue, raw)
            if raw is not None and message is None:
                log.warning("hint.unreadable", queue=self._queue, size=len(raw))
        finally:
            if message is None:
                self._room.release()
        return message

    @override
    def ack(self, message: MessageProxy) -> None:
        self._room.release()

    @override
    def nack(self, message: MessageProxy) -> None:
        self._room.release()

    @override
    def requeue(self, messages: Iterable[MessageProxy]) -> None:
        """Give back what was fetched and not begun; it is due anyway."""
        hints = [message.encode() for message in messages]
        try:
            if hints:
                self._source.give_back(hints)
        except BrokerAway as error:
            log.warning("hint.lost", queue=self._queue, number=len(hints), error=str(error))

    @override
    def close(self) -> None:
        self._source.close()


def assert_middleware(broker: dramatiq.Broker) -> None:
    """Raise `RuntimeError` unless the broker has exactly the allowed middleware."""
    found = tuple(type(one) for one in broker.middleware)
    if found != ALLOWED_MIDDLEWARE:
        names = ", ".join(one.__name__ for one in found) or "none"
        raise RuntimeError(f"the broker's middleware is {names}; retries and limits are rows here")
