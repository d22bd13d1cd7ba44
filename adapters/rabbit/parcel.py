"""A message on its way to RabbitMQ, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import pika

PERSISTENT = 2


class Fate(Enum):
    """What the server says of a message."""

    TAKEN = "confirmed: it is on disk where somebody wanted it"
    UNHEARD = "confirmed, and no queue wanted it"
    REFUSED = "a queue did not take it"
    UNKNOWN = "no answer: perhaps it is there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One message; `id` tells it from the others on their way at the same time."""

    id: str
    exchange: str = ""
    key: str
    """The routing key; with no exchange, the queue's name."""
    body: bytes = field(repr=False)
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str | None = None
    correlation: str | None = None

    def properties(self) -> pika.BasicProperties:
        return pika.BasicProperties(
            app_id="toritsugi",
            content_type=self.content_type,
            correlation_id=self.correlation,
            delivery_mode=PERSISTENT,
            headers=dict(self.headers),
            message_id=self.id,
            type=self.type,
        )
