"""dramatiq's Redis broker, cut down to what hints need.

A hint is disposable: the database is the truth, and the sweep hints again what is still due. So a
hint leaves Redis when it is fetched, there is nothing to acknowledge, no delay queue and no dead
letters, and an unreadable one is dropped alone. Never carries anything but a request's number.

Redis keys: `toritsugi:hints:<queue>`, a list of dramatiq messages, oldest first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from typing import cast

import dramatiq
import redis
import structlog
from dramatiq.broker import Consumer, MessageProxy
from dramatiq.brokers.redis import RedisBroker
from dramatiq.errors import ConnectionClosed, DecodeError
from dramatiq.middleware import Middleware
from typing_extensions import override

from contracts.ids import is_request_id

ALLOWED_MIDDLEWARE: tuple[type[Middleware], ...] = ()
"""Retries, time limits and shutdown notices lose and double messages; due times replace them."""

SILENT_S = 60.0
"""No server's time-out, however often repeated, keeps a consumer from asking for so long."""

log = structlog.get_logger()


class HintBroker(RedisBroker):
    """Hands out at most `concurrency` hints a queue at a time, so that no queue starves another."""

    def __init__(self, client: redis.Redis, *, concurrency: int, idle_s: float = 1.0) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # untyped in dramatiq
            client=client, middleware=[], namespace="toritsugi:hints"
        )
        self._concurrency = concurrency
        self._rooms: dict[str, threading.Semaphore] = {}
        self.idle_s = idle_s
        self._asked: dict[str, float] = {}

    @override
    def declare_queue(self, queue_name: str) -> None:
        if queue_name not in self.queues:
            self.emit_before("declare_queue", queue_name)
            self.queues.add(queue_name)
            self.emit_after("declare_queue", queue_name)

    @override
    def enqueue(
        self, message: dramatiq.Message[object], *, delay: int | None = None
    ) -> dramatiq.Message[object]:
        if delay is not None:
            raise ValueError("a hint is never delayed: make the request due later instead")
        self.client.rpush(self.key(message.queue_name), message.encode())
        return message

    def offer(self, queue: str, requests: Sequence[str]) -> None:
        """Hint the workers of `queue` at these requests, in one round trip."""
        if requests:
            self.client.rpush(self.key(queue), *(_hint(queue, one) for one in requests))

    def depth(self, queue: str) -> int:
        """Give how many hints nobody has fetched."""
        return int(self.client.llen(self.key(queue)))

    def beat(self, queue: str) -> None:
        """Note that the consumer of `queue` asks for hints."""
        self._asked[queue] = time.monotonic()

    def silent(self, longest_s: float = SILENT_S) -> list[str]:
        """Give the queues whose consumer has not asked for so long: it hangs."""
        begin = time.monotonic() - longest_s
        return sorted(queue for queue, asked in self._asked.items() if asked <= begin)

    def key(self, queue: str) -> str:
        return f"{self.namespace}:{queue}"

    @override
    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        # The room outlives a consumer: what an earlier one handed out still takes its place.
        room = self._rooms.setdefault(queue_name, threading.Semaphore(self._concurrency))
        self.beat(queue_name)
        return HintConsumer(self, queue_name, room)


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
    """Takes hints off the list as threads come free; waits on Redis, not on a timer."""

    def __init__(self, broker: HintBroker, queue: str, room: threading.Semaphore) -> None:
        self._broker = broker
        self._queue = queue
        self._room = room

    @override
    def __next__(self) -> MessageProxy | None:
        self._broker.beat(self._queue)
        if not self._room.acquire(timeout=self._broker.idle_s):
            return None
        try:
            message = self._next()
        except redis.RedisError as error:
            self._room.release()
            raise ConnectionClosed(error) from None
        if message is None:
            self._room.release()
            return None
        return MessageProxy(message)

    def _next(self) -> dramatiq.Message[object] | None:
        found = self._broker.client.blpop(
            [self._broker.key(self._queue)], timeout=self._broker.idle_s
        )
        if found is None:
            return None
        raw = cast("bytes", found[1])
        message = _read(self._queue, raw)
        if message is None:
            log.warning("hint.unreadable", queue=self._queue, size=len(raw))
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
                self._broker.client.lpush(self._broker.key(self._queue), *hints)
        except redis.RedisError as error:
            log.warning(
                "hint.lost", queue=self._queue, number=len(hints), error=type(error).__name__
            )


def assert_middleware(broker: dramatiq.Broker) -> None:
    """Raise `RuntimeError` unless the broker has exactly the allowed middleware."""
    found = tuple(type(one) for one in broker.middleware)
    if found != ALLOWED_MIDDLEWARE:
        names = ", ".join(one.__name__ for one in found) or "none"
        raise RuntimeError(f"the broker's middleware is {names}; retries and limits are rows here")
