"""Drives the steps by hand, one at a time, on real SQL, a real Redis and simulated portals."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from adapters.inbound.event import parse_event
from adapters.outbound.stream import EventStream
from contracts.events import Event, decode_event
from contracts.incoming import Parsed
from contracts.request import REQUEST_TYPE
from ledger import parking, views
from ledger.clock import now
from ledger.parking import MAY_GO
from ledger.tables import outbox, requests
from ledger.views import Story
from sandbox.server import SandboxServer
from tests.builders import with_directory
from tests.plain import http
from workers.actors import STEPS
from workers.app import App
from workers.bootstrap import build, embedded, read_settings
from workers.publish import publish
from workers.record import Receipt, record

SOURCE = "urn:sender"


def event(data: dict[str, Any], sender_id: str = "1", **attributes: Any) -> bytes:
    """Give a CloudEvent as a sender would write it."""
    envelope = {"specversion": "1.0", "type": REQUEST_TYPE, "source": SOURCE, "id": sender_id}
    return json.dumps({**envelope, **attributes, "data": data}, ensure_ascii=False).encode()


def parsed(data: dict[str, Any], sender_id: str = "1") -> list[Parsed]:
    """Give what comes out of the parser."""
    return parse_event(event(data, sender_id))


def new_app(
    var: Path, database_url: str, redis_url: str, sandbox: SandboxServer, **more: Any
) -> App:
    """Give an app whose directory knows Contoso; `more` are settings."""
    settings = read_settings(var=var, database_url=database_url, redis_url=redis_url, **more)
    app = build(embedded(settings, sandbox_port=sandbox.port), "test", files=True, delivers=True)
    with_directory(app.store, app.vault)
    return app


@dataclass(frozen=True, slots=True)
class Driver:
    """An app, and the world around it."""

    app: App
    sandbox: SandboxServer

    def send(self, data: dict[str, Any], sender_id: str = "1") -> Receipt:
        (receipt,) = record(self.app, "test", parsed(data, sender_id))
        return receipt

    def file(self, data: dict[str, Any], sender_id: str = "1") -> Story:
        """Send a request and go on until nothing is due any more, however long the waits."""
        receipt = self.send(data, sender_id)
        assert receipt.request is not None, receipt.fault
        self.settle()
        return self.story(receipt.request)

    def step(self) -> int:
        """Do every step that is due now, once; give how many there were."""
        self.app.store.write(parking.appoint)
        due = select(requests.c.queue, requests.c.id).where(requests.c.due_at <= now(), MAY_GO)
        found = self.app.store.read(lambda db: db.execute(due).all())
        for queue, request in found:
            STEPS[queue](self.app, request)
        return len(found)

    def settle(self, most: int = 60) -> None:
        """Go on until nothing waits for a machine; held requests are left to their recheck."""
        for _ in range(most):
            self.hasten()
            if not self.step():
                return
        raise AssertionError("still due after many rounds")

    def hasten(self, *, held: bool = False) -> None:
        """Make everything that waits due now, and no portal parked any more, as if in the end."""
        only = "" if held else " AND state <> 'held'"
        later = (
            f"UPDATE requests SET due_at = 1 WHERE due_at > 1{only}",
            "UPDATE parkings SET parked_until = 1 WHERE parked_until > 1",
        )
        self.app.store.write(lambda db: [db.execute(text(each)) for each in later])

    def lapse(self) -> None:
        """End every lease, as if its worker had died some time ago."""
        self.app.store.write(
            lambda db: db.execute(
                text("UPDATE requests SET lease_until = 1 WHERE lease_until IS NOT NULL")
            )
        )

    def age(self, seconds: float) -> None:
        """Let every attempt have been looked up that much earlier."""
        back = round(seconds * 1000)
        self.app.store.write(
            lambda db: db.execute(text(f"UPDATE attempts SET looked_at = looked_at - {back}"))
        )

    def publish(self) -> None:
        """Carry the outbox out."""
        stream = EventStream(self.app.redis, self.app.events_stream)
        while publish(self.app, stream):
            pass

    def story(self, request: str) -> Story:
        found = self.app.store.read(lambda db: views.story(db, request))
        assert found is not None
        return found

    def events(self) -> list[Event]:
        """Give every event written so far, in order."""
        bodies = select(outbox.c.body).order_by(outbox.c.position)
        return [
            decode_event(body)
            for body in self.app.store.read(lambda db: db.execute(bodies).scalars().all())
        ]

    def types(self) -> list[str]:
        return [one.type.removeprefix("toritsugi.").removesuffix(".v1") for one in self.events()]

    def tickets(self) -> Sequence[dict[str, Any]]:
        """Give what the portals hold, from their own account."""
        answer = http().get(f"{self.sandbox.base_url}/_sandbox/tickets").json()
        found: Sequence[dict[str, Any]] = answer["tickets"] if isinstance(answer, dict) else answer
        return found

    def fault(self, **rule: Any) -> None:
        answer = http().post(f"{self.sandbox.base_url}/_sandbox/faults", json=rule)
        answer.raise_for_status()
