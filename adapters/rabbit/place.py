"""Where RabbitMQ is, and how long it may take to answer. Never shows the password."""

from __future__ import annotations

from dataclasses import dataclass, field

import pika
import pika.exceptions

HEARTBEAT_S = 20
"""Asked for: who is silent for a little longer than this is taken for gone, on either side."""

QUORUM: dict[str, object] = {"x-queue-type": "quorum"}
"""Replicated and on disk before it is confirmed."""

FAULTS = (pika.exceptions.AMQPError, OSError, AssertionError, EOFError)
"""Everything pika raises when the server is away, refuses, or cuts the connection."""


class RabbitAway(Exception):
    """RabbitMQ does not answer, refuses, or has cut the connection; try again later."""


class QueueDead(RabbitAway):
    """The server lives, and breaks or falls silent over a queue that a crash has left half made."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server's address: `amqp://user:password@host:5672/vhost`, or `amqps://…`."""

    url: str = field(repr=False)
    name: str
    """How the server's own lists call our connections."""
    timeout_s: float = 3.0
    """For connecting, and for an answer that somebody waits for."""

    def parameters(self, use: str) -> pika.URLParameters:
        """Give what a connection is opened with; one try, since whoever asks knows how often."""
        found = pika.URLParameters(self.url)
        found.heartbeat = HEARTBEAT_S
        found.connection_attempts = 1
        found.socket_timeout = self.timeout_s
        found.stack_timeout = self.timeout_s
        found.blocked_connection_timeout = None
        found.client_properties = {"connection_name": f"{self.name} {use}"}
        return found

    @property
    def shown(self) -> str:
        """Host, port and virtual host, for people."""
        found = pika.URLParameters(self.url)
        return f"{found.host}:{found.port} {found.virtual_host}"


def away(error: BaseException | None) -> RabbitAway:
    """Say what kind of trouble it was, never with what was sent or signed in with."""
    return RabbitAway("no answer" if error is None else type(error).__name__)
