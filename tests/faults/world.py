"""What stays when a process dies: database, Redis, portals, a sender and a receiver.

The sender keeps the contract: what it has no `request.accepted` for, it sends again. Time passes
only when `time_passes` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import orjson
import redis
from sqlalchemy import create_engine, text

from ledger import webhooks
from ledger.webhooks import Address
from sandbox.server import SandboxServer
from tests.builders import onprem_data, with_directory
from tests.driving import SOURCE, event
from tests.faults.invariants import Outside, broken, look
from tests.plain import http
from tests.receiver import HOST, SECRET, Receiver
from workers.app import App
from workers.bootstrap import Settings, build, embedded, read_settings
from workers.listeners.stream import StreamListener

REQUESTS = "toritsugi:requests"
EVENTS = "toritsugi:events"
LATER = (
    "UPDATE requests SET due_at = 1 WHERE due_at > 1 AND state <> 'held'",
    "UPDATE requests SET lease_until = 1 WHERE lease_until IS NOT NULL",
    "UPDATE requests SET hinted_at = 1 WHERE hinted_at IS NOT NULL",
    "UPDATE attempts SET looked_at = looked_at - 86400000 WHERE outcome IS NULL",
    "UPDATE leases SET until = 1",
    "UPDATE parkings SET parked_until = 1 WHERE parked_until > 1",
    "UPDATE deliveries SET due_at = 1 WHERE due_at > 1",
    "UPDATE deliveries SET lease_until = 1 WHERE lease_until IS NOT NULL",
)
"""What a day changes that nobody works in; held requests are left to their recheck."""


@dataclass(slots=True)
class World:
    """Where everything is, and what sender and receiver remember."""

    var: Path
    database_url: str
    redis_url: str
    sandbox_url: str
    sent: dict[str, bytes] = field(default_factory=dict)
    """Events by the sender's id."""
    received: list[bytes] = field(default_factory=list)
    _position: bytes = b"0"

    def settings(self, **more: Any) -> Settings:
        """Give what a process here is told; `more` in place of it, or beside it."""
        here = read_settings(
            var=self.var,
            database_url=self.database_url,
            redis_url=self.redis_url,
            webhook_hosts=(HOST,),
        )
        told = embedded(here, sandbox_port=int(self.sandbox_url.rpartition(":")[2]))
        return read_settings(**{**told.model_dump(), **more})

    @contextmanager
    def app(self, **more: Any) -> Iterator[App]:
        """Give a process's parts that can file."""
        built = build(self.settings(**more), "test", files=True, delivers=True)
        try:
            yield built
        finally:
            built.close()

    def hook(self, receiver: Receiver) -> None:
        """Register a webhook that gets every event."""
        address = Address(receiver.url, SECRET)
        with self.app() as app:
            app.store.write(lambda db: webhooks.add(db, app.vault, "crm", address, [], []))

    def send(self, sender_id: str, data: dict[str, Any], **attributes: Any) -> None:
        """Add a request to the stream."""
        self.sent[sender_id] = event(data, sender_id, **attributes)
        self._add(self.sent[sender_id])

    def send_unanswered_again(self) -> None:
        """Send everything again that no `request.accepted` was seen for."""
        self.receive()
        answered = {
            told["correlationid"]
            for told in map(orjson.loads, self.received)
            if told["type"] == "toritsugi.request.accepted.v1" and told["causesource"] == SOURCE
        }
        for sender_id, body in self.sent.items():
            if sender_id not in answered:
                self._add(body)

    def receive(self) -> None:
        """Read what is new on the stream of events."""
        with redis.Redis.from_url(self.redis_url) as client:
            answer = client.xread({EVENTS: self._position}, count=10_000)
        streams = cast("list[tuple[bytes, list[tuple[bytes, dict[bytes, bytes]]]]]", answer)
        for position, fields in streams[0][1] if streams else ():
            self._position = position
            self.received.append(fields[b"event"])

    def listen(self, app: App) -> None:
        """Have a process take in what is on the stream of requests."""
        StreamListener(app, abandoned_after_s=0, block_ms=1).round()

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Give the events of a kind that came, each once."""
        self.receive()
        found = {one["id"]: one for one in map(orjson.loads, self.received)}
        return [one for one in found.values() if one["type"] == f"toritsugi.{kind}.v1"]

    def flush(self) -> None:
        """Have Redis forget everything; a receiver has read what there was."""
        self.receive()
        self._position = b"0"
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def fault(self, **rule: Any) -> None:
        """Have a portal go wrong."""
        http().post(f"{self.sandbox_url}/_sandbox/faults", json=rule).raise_for_status()

    def journal(self) -> list[dict[str, Any]]:
        """Give every call that reached a portal."""
        answer = http().get(f"{self.sandbox_url}/_sandbox/journal").json()
        calls: list[dict[str, Any]] = answer["calls"]
        return calls

    def creations(self, portal: str | None = None) -> int:
        """Count the orders for a ticket that reached a portal, or any."""
        return sum(
            call["operation"] == "create" and portal in (None, call["portal"])
            for call in self.journal()
        )

    def mend(self) -> None:
        """Have the portals go right again."""
        http().delete(f"{self.sandbox_url}/_sandbox/faults").raise_for_status()

    def time_passes(self) -> None:
        self.sql(*LATER)

    def sql(self, *statements: str) -> None:
        """Change rows from outside."""
        engine = create_engine(self.database_url)
        with engine.begin() as db:
            for statement in statements:
                db.execute(text(statement))
        engine.dispose()

    def look(self) -> Outside:
        self.receive()
        return look(self.database_url, self.sandbox_url, self.received)

    def broken(self, *, published: bool = True) -> list[str]:
        """Give every invariant that does not hold."""
        return broken(self.look(), published=published)

    def count(self, query: str) -> int:
        """Give the one number that a query asks for."""
        engine = create_engine(self.database_url)
        with engine.connect() as db:
            found = int(db.execute(text(query)).scalar_one())
        engine.dispose()
        return found

    def states(self) -> dict[str, str]:
        """Give where each request stands, by the sender's id."""
        engine = create_engine(self.database_url)
        with engine.connect() as db:
            rows = db.execute(text("SELECT sender_id, state FROM requests")).all()
        engine.dispose()
        return {row.sender_id: row.state for row in rows}

    def _add(self, body: bytes) -> None:
        with redis.Redis.from_url(self.redis_url) as client:
            client.xadd(REQUESTS, {"event": body})


@contextmanager
def world(var: Path, database_url: str, redis_url: str, sandbox: SandboxServer) -> Iterator[World]:
    """Give a world whose directory knows Contoso, and in which nothing has happened."""
    found = World(var, database_url, redis_url, sandbox.base_url)
    with found.app() as app:
        with_directory(app.store, app.vault)
    yield found


def azure_data(**fields: Any) -> dict[str, Any]:
    """Give a request for Azure that every rule lets pass."""
    azure = {
        "product": "azure/virtual-machines",
        "contract": None,
        "severity": "B",
        "access_id": "0345678901",
        "contract_id": "0098765432",
    }
    return onprem_data(**azure, **fields)


def samples() -> dict[str, dict[str, Any]]:
    """Give requests that between them lead past every place a process can die at."""
    return {
        "plain": onprem_data(),
        "answer-lost": onprem_data(title="DAG に戻らない"),
        "order-lost": onprem_data(title="メールが届かない"),
        "azure": azure_data(title="VM does not start"),
        "refused": onprem_data(contract="no-such-contract"),
    }


FAULTS = (
    {"portal": "onprem", "operation": "create", "match": "DAG に戻らない", "fault": "drop_after"},
    {
        "portal": "onprem",
        "operation": "create",
        "match": "メールが届かない",
        "fault": "drop_before",
    },
)
ENDS = {"plain": "submitted", "answer-lost": "submitted", "order-lost": "submitted",
        "azure": "submitted", "refused": "rejected"}  # fmt: skip
