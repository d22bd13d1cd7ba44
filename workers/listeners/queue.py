"""Listens on RabbitMQ's queue of requests: a batch is recorded, then acknowledged.

The queue is made unless it is there. While the database is away the batch is held, not given back:
RabbitMQ 4 counts what comes back, and drops what did so too often. Never acknowledges what is not
committed; what was not goes back to the queue when the connection ends.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import structlog

from adapters.inbound.amqp import parse_delivery
from adapters.rabbit.place import Place, RabbitAway
from adapters.rabbit.receiver import Delivery, Receiver
from contracts.incoming import Parsed
from ledger.store import DatabaseError
from workers.admittance import NOBODY, Claim, admit_senders
from workers.app import App
from workers.record import record

log = structlog.get_logger()

BATCH = 100
WAIT_S = 1.0


class QueueListener:
    """One consumer of the queue, with at most a batch in hand."""

    def __init__(self, app: App, place: Place, *, wait_s: float = WAIT_S) -> None:
        self._app = app
        self._place = place
        self._wait_s = wait_s
        self._receiver: Receiver | None = None
        self._held: Sequence[Delivery] = ()

    def run(self, stopping: threading.Event) -> None:
        """Listen until told to stop; a server that is away is asked again each second."""
        while not stopping.is_set():
            if not self.round():
                stopping.wait(1)
        self.close()

    def round(self) -> bool:
        """Listen once; False when a server is away."""
        try:
            self.once()
        except RabbitAway as error:
            log.warning("intake.away", error=str(error), server="rabbitmq")
            self.close()
            return False
        except DatabaseError as error:
            log.warning("intake.away", error=type(error).__name__, held=len(self._held))
            return False
        return True

    def once(self) -> int:
        """Record what is in hand or new, and acknowledge it; give how many messages that were."""
        receiver = self._opened()
        if self._held:
            receiver.rest()  # heartbeats, however long the database is away
        else:
            self._held = receiver.take(self._wait_s, most=BATCH)
        if not self._held:
            return 0
        record(self._app, "amqp", self._admitted())
        receiver.accept(self._held[-1].tag, all_before=True)
        number, self._held = len(self._held), ()
        return number

    def close(self) -> None:
        """Let go of the connection; what was in hand goes back to the queue."""
        if self._receiver is not None:
            self._receiver.close()
        self._receiver, self._held = None, ()

    def _opened(self) -> Receiver:
        if self._receiver is None:
            queue = self._app.requests_queue
            self._receiver = Receiver(self._place, "requests", queue, prefetch=BATCH)
        return self._receiver

    def _admitted(self) -> list[Parsed]:
        return admit_senders(self._app, [(_claim(one), self._read(one)) for one in self._held])

    def _read(self, delivery: Delivery) -> Parsed:
        said, limit = delivery.properties, self._app.limits.message_bytes
        (item,) = parse_delivery(delivery.body, said.content_type, said.headers, limit=limit)
        return item


def _claim(delivery: Delivery) -> Claim:
    """Take RabbitMQ's word: it lets nobody name another user than the one that signed in."""
    user = delivery.properties.user_id
    return Claim(name=user) if user else NOBODY
