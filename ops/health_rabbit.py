"""Whether RabbitMQ carries what it should: it answers, its queues are of the right kind, and read.

Looks only: makes no queue, and puts nothing in one.
"""

from __future__ import annotations

from collections.abc import Iterator

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker

from adapters.rabbit.place import Place, RabbitAway
from adapters.rabbit.setting_up import connected, lasting
from ops.check import Check, fine, wrong
from workers import bootstrap
from workers.bootstrap import Settings
from workers.brokers.rabbit import name
from workers.sweep import ALL_QUEUES

NAME = "rabbitmq"
LOOK = "see that it runs, and check TORITSUGI_AMQP_URL"
READERS = "toritsugi up, or a process of each kind in the Procfile, makes and reads them"
ANEW = "stop everything, empty and delete it (rabbitmqctl delete_queue), start: it is made anew"
KIND = "is of another kind than quorum: what it holds is lost with its disk"
DEAD = "does not answer: a crash has left it half made"


def examine_rabbit(settings: Settings) -> Iterator[Check]:
    """Give nothing where RabbitMQ is not set."""
    place = bootstrap.rabbit(settings, "toritsugi")
    if place is None:
        return
    try:
        with connected(place, "doctor") as connection:
            yield fine(NAME, f"answers at {place.shown}")
            yield _exchange(connection, settings)
    except RabbitAway as error:
        yield wrong(NAME, f"{place.shown} does not answer ({error})", LOOK)
        return
    yield _queues(place, settings)


def _queues(place: Place, settings: Settings) -> Check:
    """Say of our queues which are missing, of the wrong kind, or read by nobody."""
    ours = (settings.requests_queue, *map(name, ALL_QUEUES))
    found = {queue: _said(place, queue) for queue in ours}
    words = [f"{queue} {fault}" for queue, fault in found.items() if fault]
    if not words:
        return fine(f"{NAME} queues", f"{len(ours)} quorum queues, each of them read")
    broken = any(fault in {KIND, DEAD} for fault in found.values())
    return wrong(f"{NAME} queues", "; ".join(words), ANEW if broken else READERS)


def _said(place: Place, queue: str) -> str:
    """Give what is wrong with it; a connection each, since a dead queue takes that along."""
    try:
        with connected(place, "doctor") as connection:
            return _fault(connection, queue)
    except RabbitAway:
        return DEAD


def _fault(connection: pika.BlockingConnection, queue: str) -> str:
    try:
        found = connection.channel().queue_declare(queue, passive=True)
    except ChannelClosedByBroker:
        return "is not there"
    if not _is_quorum(connection, queue):
        return KIND
    return "" if found.method.consumer_count else "is read by nobody"


def _is_quorum(connection: pika.BlockingConnection, queue: str) -> bool:
    """Ask for the queue as we would make it: the server says if it is of another kind."""
    try:
        connection.channel().queue_declare(queue, durable=True, arguments=lasting(connection))
    except ChannelClosedByBroker as error:
        return "x-queue-type" not in error.reply_text
    return True


def _exchange(connection: pika.BlockingConnection, settings: Settings) -> Check:
    check = f"{NAME} exchange"
    try:
        connection.channel().exchange_declare(settings.events_exchange, "topic", passive=True)
    except AMQPError:
        return wrong(check, f"{settings.events_exchange} is not there", READERS)
    return fine(check, f"{settings.events_exchange} is there")
