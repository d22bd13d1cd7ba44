"""Receives from one queue of RabbitMQ, for the one thread that opened it.

Whoever holds it must call it often, so that heartbeats are answered. What was not accepted when it
is closed or lost goes back to the queue. Never accepts anything by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.spec import Basic, BasicProperties

from adapters.rabbit.place import Place, RabbitAway
from adapters.rabbit.setting_up import ANSWER_S, leave, make_queue, told_away, within


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it came; `tag` accepts it."""

    tag: int
    body: bytes = field(repr=False)
    properties: BasicProperties = field(repr=False)


class Receiver:
    """A consumer of the queue, which is made unless it is there; all methods raise `RabbitAway`."""

    def __init__(self, place: Place, use: str, queue: str, *, prefetch: int) -> None:
        self._arrived: list[Delivery] = []
        self._cancelled = False
        with told_away():
            self._connection = pika.BlockingConnection(place.parameters(use))
        try:
            with told_away(), within(self._connection, ANSWER_S):
                self._channel = self._listen(queue, prefetch)
        except RabbitAway:
            self.close()
            raise

    def take(self, wait_s: float, most: int | None = None) -> list[Delivery]:
        """Give what has arrived, in order; wait so long for the first."""
        with told_away():
            self._connection.process_data_events(0 if self._arrived else wait_s)
        if self._cancelled:
            raise RabbitAway("the queue was deleted")
        found = self._arrived[:most]
        del self._arrived[: len(found)]
        return found

    def rest(self, seconds: float = 0) -> None:
        """Take nothing for so long, and answer heartbeats meanwhile."""
        with told_away():
            self._connection.sleep(seconds)

    def accept(self, tag: int, *, all_before: bool = False) -> None:
        """Take it off the queue for good, and with it what was taken before."""
        with told_away():
            self._channel.basic_ack(tag, multiple=all_before)

    def close(self) -> None:
        """Leave; never raises."""
        leave(self._connection)

    def _listen(self, queue: str, prefetch: int) -> BlockingChannel:
        make_queue(self._connection, queue)
        channel = self._connection.channel()
        channel.basic_qos(prefetch_count=prefetch)
        channel.add_on_cancel_callback(self._cancel)
        channel.basic_consume(queue, self._arrive)
        return channel

    def _arrive(
        self, _: BlockingChannel, method: Basic.Deliver, properties: BasicProperties, body: bytes
    ) -> None:
        self._arrived.append(Delivery(method.delivery_tag, body, properties))

    def _cancel(self, _: object) -> None:
        self._cancelled = True
