"""Makes queues, exchanges and bindings where there are none. Never changes what is there.

What an operator has made, with arguments or by a policy, stays as it is: it is looked for first,
since a declaration with other arguments than the queue's is refused.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker, ConnectionClosedByBroker, StreamLostError

from adapters.rabbit.place import FAULTS, QUORUM, Place, QueueDead, away

NOT_FOUND = 404
INTERNAL_ERROR = 541
COUNTS_RETURNS = 4
"""From this version on a quorum queue drops what was given back too often, unless told not to."""
FOR_EVER: Mapping[str, object] = {"x-delivery-limit": -1}
EVERYTHING = "#"
ANSWER_S = 10.0
"""For all that is set up at once."""


@contextlib.contextmanager
def told_away() -> Iterator[None]:
    """Say `RabbitAway` in place of everything that pika says."""
    try:
        yield
    except FAULTS as error:
        raise away(error) from error


@contextlib.contextmanager
def within(connection: pika.BlockingConnection, seconds: float) -> Iterator[None]:
    """Raise `QueueDead` if the server breaks over a queue, or does not answer for so long.

    Over one that a crash has left half made it does either, and its connection lives on.
    """
    late = False

    def give_up() -> None:
        nonlocal late
        late = True
        implementation._terminate_stream(StreamLostError("no answer in time"))  # noqa: SLF001

    # Its own timers are looked at between two calls only, not while one of them waits.
    implementation = connection._impl  # noqa: SLF001
    timer = implementation._adapter_call_later(seconds, give_up)  # noqa: SLF001
    try:
        yield
    except FAULTS as error:
        broke = isinstance(error, ConnectionClosedByBroker) and error.reply_code == INTERNAL_ERROR
        if late or broke:
            raise QueueDead("no answer" if late else "internal error") from None
        raise
    finally:
        if connection.is_open:
            implementation._adapter_remove_timeout(timer)  # noqa: SLF001


@contextlib.contextmanager
def connected(place: Place, use: str) -> Iterator[pika.BlockingConnection]:
    """Give a connection for as long as the block; raise `RabbitAway`."""
    with told_away():
        connection = pika.BlockingConnection(place.parameters(use))
    try:
        with told_away(), within(connection, ANSWER_S):
            yield connection
    finally:
        leave(connection)


def leave(connection: pika.BlockingConnection) -> None:
    """Close it if it is open; never raises."""
    with contextlib.suppress(*FAULTS):
        if connection.is_open:
            connection.close()


def make_queue(connection: pika.BlockingConnection, queue: str) -> None:
    """Make a quorum queue that drops nothing; `RabbitAway` while somebody else makes it."""

    def make(channel: BlockingChannel) -> None:
        # Two that declare it at once may leave two of it, and a crash brings back the wrong one.
        # An exclusive queue lets one at a time, and goes with its connection.
        channel.queue_declare(f"{queue}.making", exclusive=True)
        _unless_there(connection, look, declare)
        channel.queue_delete(f"{queue}.making")

    def look(channel: BlockingChannel) -> None:
        channel.queue_declare(queue, passive=True)

    def declare(channel: BlockingChannel) -> None:
        channel.queue_declare(queue, durable=True, arguments=lasting(connection))

    _unless_there(connection, look, make)


def remake_queue(connection: pika.BlockingConnection, queue: str) -> None:
    """Make the queue anew, and lose what is in it."""
    channel = connection.channel()
    channel.queue_delete(queue)
    channel.close()
    make_queue(connection, queue)


def make_exchange(connection: pika.BlockingConnection, exchange: str) -> None:
    """Make a durable topic exchange."""
    _unless_there(
        connection,
        lambda channel: channel.exchange_declare(exchange, "topic", passive=True),
        lambda channel: channel.exchange_declare(exchange, "topic", durable=True),
    )


def bind(connection: pika.BlockingConnection, queue: str, exchange: str) -> None:
    """Have the queue get everything; it may be bound already."""
    channel = connection.channel()
    channel.queue_bind(queue, exchange, EVERYTHING)
    channel.close()


def lasting(connection: pika.BlockingConnection) -> dict[str, object]:
    """Give the arguments of a queue that no number of deliveries takes anything off."""
    # The server says its version at sign-in; no public name leads to it.
    said = connection._impl.server_properties or {}  # noqa: SLF001
    version = said.get("version", "0")
    text = version.decode() if isinstance(version, bytes) else str(version)
    counts = int(text.partition(".")[0]) >= COUNTS_RETURNS
    return {**QUORUM, **(FOR_EVER if counts else {})}


def _unless_there(
    connection: pika.BlockingConnection,
    look: Callable[[BlockingChannel], object],
    make: Callable[[BlockingChannel], object],
) -> None:
    channel = connection.channel()
    try:
        look(channel)
    except ChannelClosedByBroker as error:
        if error.reply_code != NOT_FOUND:
            raise
        channel = connection.channel()
        make(channel)
    channel.close()
