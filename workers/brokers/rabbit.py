"""Hints on RabbitMQ: a quorum queue for each queue of ours, published with confirmation.

A hint is acknowledged when it is fetched, not when it was followed (decision 29). Never waits for
the server longer than the place allows: the sweep makes up for a hint that did not arrive.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog
from typing_extensions import override

from adapters.rabbit.courier import Courier
from adapters.rabbit.parcel import Fate, Parcel
from adapters.rabbit.place import Place, QueueDead, RabbitAway
from adapters.rabbit.receiver import Receiver
from adapters.rabbit.setting_up import connected, make_queue, remake_queue
from workers.broker import BrokerAway, HintBroker, HintSource

log = structlog.get_logger()

PREFIX = "toritsugi.hints."
FETCHED = 4
"""Hints on their way to a consumer: enough that it need not wait, few enough for others."""


class RabbitHintBroker(HintBroker):
    """Publishes through one connection a process; each consumer has one of its own."""

    def __init__(self, place: Place, *, concurrency: int, idle_s: float = 1.0) -> None:
        super().__init__(concurrency=concurrency, idle_s=idle_s)
        self._place = place
        self._courier = Courier(place, "hints")
        self._numbers = itertools.count()

    @override
    def carry(self, queue: str, hints: Sequence[bytes]) -> None:
        with _told_away():
            unheard = self._send(queue, hints)
            if unheard:  # somebody has deleted the queue, or nobody has made it yet
                with connected(self._place, "set-up") as connection:
                    make_queue(connection, name(queue))
                unheard = self._send(queue, unheard)
        if unheard:
            raise BrokerAway("UNHEARD")

    def _send(self, queue: str, hints: Sequence[bytes]) -> list[bytes]:
        """Give those that no queue took; raise if the server does not say what became of them."""
        parcels = [self._parcel(queue, one) for one in hints]
        fates = self._courier.send(parcels)
        if lost := set(fates) - {Fate.TAKEN, Fate.UNHEARD}:
            raise BrokerAway(", ".join(sorted(one.name for one in lost)))
        return [one for one, fate in zip(hints, fates, strict=True) if fate is Fate.UNHEARD]

    def _parcel(self, queue: str, hint: bytes) -> Parcel:
        number = str(next(self._numbers))
        return Parcel(id=number, key=name(queue), body=hint, content_type="application/json")

    @override
    def depth(self, queue: str) -> int:
        with _told_away():
            return self._courier.count(name(queue)) or 0

    @override
    def source(self, queue: str) -> HintSource:
        with _told_away():
            return _Queue(self, self._place, queue)

    @override
    def close(self) -> None:
        self._courier.close()


class _Queue:
    """The hints of one queue, for the thread of its consumer."""

    def __init__(self, broker: RabbitHintBroker, place: Place, queue: str) -> None:
        self._broker = broker
        self._queue = queue
        try:
            self._receiver = Receiver(place, f"{queue} hints", name(queue), prefetch=FETCHED)
        except QueueDead:
            # A crash has left it half made. Whatever hints it held are given again.
            log.warning("queue.remade", queue=name(queue))
            with connected(place, "set-up") as connection:
                remake_queue(connection, name(queue))
            raise

    def fetch(self, wait_s: float) -> bytes | None:
        with _told_away():
            found = self._receiver.take(wait_s, most=1)
            if not found:
                return None
            self._receiver.accept(found[0].tag)
            return found[0].body

    def rest(self) -> None:
        with _told_away():
            self._receiver.rest()

    def give_back(self, hints: Sequence[bytes]) -> None:
        self._broker.carry(self._queue, hints)

    def close(self) -> None:
        self._receiver.close()


def name(queue: str) -> str:
    """Give what RabbitMQ calls our queue."""
    return f"{PREFIX}{queue}"


@contextmanager
def _told_away() -> Iterator[None]:
    try:
        yield
    except RabbitAway as error:
        raise BrokerAway(str(error)) from error
