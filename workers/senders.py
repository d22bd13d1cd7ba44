"""Who sent a request that the ledger does not know: the events that told of it may still say so.

A request's number is made from its sender's source and id, so that what an event says is proven.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import redis
import structlog

from adapters.outbound.past_events import past_events
from contracts.event_data import Accepted
from contracts.events import decode_event
from contracts.ids import request_id
from contracts.malformed import Malformed
from workers.app import App

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sender:
    """The key under which a request was sent."""

    source: str
    id: str

    @property
    def request(self) -> str:
        return request_id(self.source, self.id)


def senders(app: App, numbers: Collection[str]) -> Mapping[str, Sender]:
    """Give the senders of these requests, as far as the stream of events still names them."""
    found: dict[str, Sender] = {}
    if not numbers:
        return found
    try:
        for sender in _accepted(app):
            if sender.request in numbers:
                found[sender.request] = sender
            if len(found) == len(numbers):
                break
    except redis.RedisError as error:
        log.warning("events.unread", error=type(error).__name__)
    return found


def _accepted(app: App) -> Iterator[Sender]:
    for body in past_events(app.redis, app.events_stream):
        if Accepted.TYPE.encode() not in body:
            continue
        try:
            event = decode_event(body)
        except Malformed:
            continue  # anyone may write to the stream
        if event.causesource is not None and event.correlationid is not None:
            yield Sender(event.causesource, event.correlationid)
