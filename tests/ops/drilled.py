"""What a drill would see of a few requests that went through in peace, for a count to judge."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import orjson
from sqlalchemy import text

from adapters.inbound.event import parse_event
from adapters.outbound.stream import EventStream
from ops.drill import evidence, load
from ops.drill.count import Count, count
from ops.drill.evidence import Evidence, Heard
from ops.drill.receiver import Receiver
from ops.drill.senders import Sent
from ops.drill.troubles import Met
from ops.waiting import wait_for
from tests.driving import Driver
from workers.publish import publish
from workers.record import record


@dataclass(slots=True)
class Drilled:
    """Requests of a drill's load, sent and brought to their ends one step at a time."""

    driver: Driver
    folder: Path
    sent: dict[str, Sent] = field(default_factory=dict)
    met: list[Met] = field(default_factory=list)
    hands: dict[str, int] = field(default_factory=dict)
    whole: bool = True

    def send(self, *numbers: int) -> None:
        """Send these requests of the load; their senders see them acknowledged."""
        for number in numbers:
            order = load.order(number)
            record(self.driver.app, order.way, parse_event(order.body))
            sent = Sent(order, time.time(), times=1, acknowledged_at=time.time())
            self.sent[order.number] = sent

    def finish(self) -> None:
        """Bring everything to its end, and its events onto the stream."""
        self.driver.settle()
        self.publish()

    def publish(self) -> None:
        app = self.driver.app
        while publish(app, EventStream(app.redis, app.events_stream)):
            pass

    def count(self) -> Count:
        """Read the stream from its beginning, gather everything and count."""
        app = self.driver.app
        receiver = Receiver(app.redis, app.events_stream, self.folder / "events.jsonl")
        with receiver.reading():
            wait_for(receiver.at_end, "the stream has no end", stopping=threading.Event())
        found = Evidence(
            sent=self.sent,
            ledger=evidence.ledger(app.store),
            portals=evidence.portals(self.driver.sandbox.base_url),
            heard=Heard(seen=receiver.seen, altered=receiver.altered),
            met=self.met,
            hands=self.hands,
            whole=self.whole,
        )
        return count(found, app.limits)

    def sql(self, statement: str, number: int) -> None:
        """Change what the ledger has of a request, from outside."""
        values = {"of": load.order(number).number}
        self.driver.app.store.write(lambda db: db.execute(text(statement), values))

    def ticket(self, title: str, key: str) -> None:
        """File a ticket that none of ours asked for."""
        body = {
            "portal": "office", "kind": "technical", "partner": "p", "agent": "a", "title": title,
            "description": "d", "contact": {"name": "n", "email": "e@example.com"},
        }  # fmt: skip
        headers = {"Authorization": "Bearer sandbox", "Idempotency-Key": key}
        url = f"{self.driver.sandbox.bridge_url}/v1/tickets"
        httpx.post(url, json=body, headers=headers, trust_env=False).raise_for_status()

    def events(self, number: int) -> list[dict[str, Any]]:
        """Give a request's events as they are on the stream."""
        return [one for one in self.stream() if one["subject"] == load.order(number).number]

    def tell(self, event: dict[str, Any]) -> None:
        """Add an event to the stream that Toritsugi never published."""
        app = self.driver.app
        app.redis.xadd(app.events_stream, {"event": orjson.dumps(event)})

    def rewrite(self, events: list[dict[str, Any]]) -> None:
        """Put these events onto the stream in place of all there were."""
        self.driver.app.redis.delete(self.driver.app.events_stream)
        for one in events:
            self.tell(one)

    def stream(self) -> list[dict[str, Any]]:
        """Give every event on the stream."""
        app = self.driver.app
        found: Any = app.redis.xrange(app.events_stream)
        return [orjson.loads(fields[b"event"]) for _, fields in found]
