"""One connection to RabbitMQ that publishes, on a thread of its own, for any number of threads.

The thread answers heartbeats while nobody publishes, and gathers confirmations while many do. Once
it is lost it stays lost; the courier opens another. Never publishes anything twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import pika
from pika import spec
from pika.channel import Channel
from pika.exceptions import ChannelClosedByBroker
from pika.frame import Method

from adapters.rabbit.parcel import Fate, Parcel
from adapters.rabbit.place import FAULTS, RabbitAway, away

NOT_FOUND = 404
Fates = Future[list[Fate]]
Count = Future["int | None"]


@dataclass(slots=True)
class _Batch:
    """Parcels that somebody waits for, and how many have no answer yet."""

    fates: list[Fate]
    left: int
    done: Fates = field(default_factory=Future)

    def settle(self, place: int, fate: Fate) -> None:
        self.fates[place] = fate
        self.left -= 1
        if not self.left:
            self.end()

    def end(self) -> None:
        if not self.done.done():
            self.done.set_result(self.fates)


class Link:
    """Opens at once; `ready` is kept when it can publish, or broken when it cannot be."""

    def __init__(self, parameters: pika.URLParameters) -> None:
        self.ready: Future[None] = Future()
        self.blocked = False
        """The server is out of memory or disk, and reads nothing."""
        self._guard = threading.Lock()
        self._alive = True
        self._error: BaseException | None = None
        self._tag = 0
        self._pending: dict[int, tuple[_Batch, int, str]] = {}
        self._returned: set[str] = set()
        self._counts: set[Count] = set()
        self._channel: Channel | None = None
        self._connection = pika.SelectConnection(
            parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._lost,
            on_close_callback=self._lost,
        )
        self._thread = threading.Thread(target=self._run, name="amqp", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._alive

    def send(self, parcels: Sequence[Parcel]) -> Fates:
        """Publish in order; what is lost on the way is `UNKNOWN`."""
        batch = _Batch([Fate.UNKNOWN] * len(parcels), len(parcels))
        if not self._call(lambda: self._publish(parcels, batch)):
            batch.end()
        return batch.done

    def count(self, queue: str) -> Count:
        """Ask how many messages wait; None if there is no queue. Broken by `RabbitAway`."""
        answer: Count = Future()
        if not self._call(lambda: self._ask(queue, answer)):
            answer.set_exception(away(self._error))
        return answer

    def drop(self) -> None:
        """Let go at once, without waiting for the server."""
        # The public way waits for an answer, and whoever is dropped does not answer.
        self._call(lambda: self._connection._terminate_stream(away(None)))  # noqa: SLF001

    def close(self, patience_s: float) -> None:
        """Take leave of the server, or drop it if that takes too long."""
        self._call(self._take_leave)
        self._thread.join(patience_s)
        if self._thread.is_alive():
            self.drop()
            self._thread.join(patience_s)

    # ---- On the connection's thread --------------------------------------------------------------

    def _call(self, work: Callable[[], None]) -> bool:
        with self._guard:
            if self._alive:
                self._connection.ioloop.add_callback_threadsafe(work)
            return self._alive

    def _run(self) -> None:
        try:
            self._connection.ioloop.start()
        except FAULTS as error:
            self._error = error
        finally:
            self._end()

    def _end(self) -> None:
        with self._guard:
            self._alive = False
        self._connection.ioloop.close()
        for batch, _, _ in self._pending.values():
            batch.end()
        for answer in self._counts:
            answer.set_exception(away(self._error))
        if not self.ready.done():
            self.ready.set_exception(away(self._error))

    def _opened(self, connection: pika.SelectConnection) -> None:
        connection.add_on_connection_blocked_callback(lambda *_: self._block(now=True))
        connection.add_on_connection_unblocked_callback(lambda *_: self._block(now=False))
        connection.channel(on_open_callback=self._has_channel)

    def _block(self, *, now: bool) -> None:
        self.blocked = now

    def _has_channel(self, channel: Channel) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._channel_closed)
        channel.add_on_return_callback(self._give_back)
        channel.confirm_delivery(
            ack_nack_callback=self._confirmed, callback=lambda _: self.ready.set_result(None)
        )

    def _channel_closed(self, _: Channel, error: Exception) -> None:
        """End the connection with its channel: an exchange that is gone, a limit that was met."""
        self._error = error
        if self._connection.is_open:
            self._connection.close()

    def _lost(self, _: object, error: BaseException) -> None:
        self._error = self._error or error
        self._connection.ioloop.stop()

    def _take_leave(self) -> None:
        if self._connection.is_open:
            self._connection.close()
        elif not self._connection.is_closing:
            self._connection.ioloop.stop()

    def _publish(self, parcels: Sequence[Parcel], batch: _Batch) -> None:
        if self._channel is None or not self._channel.is_open:
            batch.end()
            return
        for place, parcel in enumerate(parcels):
            self._tag += 1
            self._pending[self._tag] = (batch, place, parcel.id)
            self._channel.basic_publish(
                parcel.exchange, parcel.key, parcel.body, parcel.properties(), mandatory=True
            )

    def _give_back(
        self, _: Channel, __: spec.Basic.Return, properties: spec.BasicProperties, ___: bytes
    ) -> None:
        """Note what no queue wanted; the server confirms it all the same, afterwards."""
        self._returned.add(str(properties.message_id))

    def _confirmed(self, frame: Method[Any]) -> None:
        method = frame.method
        taken = isinstance(method, spec.Basic.Ack)
        tags = [method.delivery_tag]
        if method.multiple:
            tags = [tag for tag in self._pending if tag <= method.delivery_tag]
        for tag in tags:
            batch, place, name = self._pending.pop(tag)
            unheard = name in self._returned
            self._returned.discard(name)
            batch.settle(place, _fate(taken=taken, unheard=unheard))

    def _ask(self, queue: str, answer: Count) -> None:
        """Ask on a channel of its own, since the server closes one that asks for what is not."""
        self._counts.add(answer)

        def ask(channel: Channel) -> None:
            channel.queue_declare(queue, passive=True, callback=lambda frame: told(channel, frame))

        def told(channel: Channel, frame: Method[Any]) -> None:
            self._settle(answer, frame.method.message_count)
            channel.close()

        def closed(_: Channel, error: Exception) -> None:
            gone = isinstance(error, ChannelClosedByBroker) and error.reply_code == NOT_FOUND
            self._settle(answer, None if gone else away(error))

        channel = self._connection.channel(on_open_callback=ask)
        channel.add_on_close_callback(closed)

    def _settle(self, answer: Count, said: int | RabbitAway | None) -> None:
        self._counts.discard(answer)
        if answer.done():
            return
        if isinstance(said, RabbitAway):
            answer.set_exception(said)
        else:
            answer.set_result(said)


def _fate(*, taken: bool, unheard: bool) -> Fate:
    if not taken:
        return Fate.REFUSED
    return Fate.UNHEARD if unheard else Fate.TAKEN
