"""What stays when whoever works dies: one database, one Redis, the portals; empty for each run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, create_engine, event, text

from adapters.portals.port import Portal
from contracts.directory_file import read_directory
from ledger import directory
from ledger.tables import metadata
from tests.conftest import emptied
from tests.faults.invariants import Outside, rows_of
from tests.faults.portals import Through
from tests.faults.world import LATER, World
from tests.model.kinds import FOLK
from tests.model.portals import Portals
from tests.model.reference import CLAIMS, TRIES
from workers.app import App
from workers.bootstrap import build, portals
from workers.brokers.redis import RedisHintBroker
from workers.failpoints import Reach, nothing
from workers.holdings import Holdings

HOUR_S = 3600.0
SETTINGS: dict[str, Any] = {
    # Only the time that a run lets pass makes anything due.
    **dict.fromkeys(("lease_s", "rehint_s", "retry_first_s", "retry_most_s"), HOUR_S),
    **dict.fromkeys(("look_after_s", "park_first_s", "park_most_s"), HOUR_S),
    "drain_per_s": 0.001,
    # What takes many turns in earnest takes few here.
    "attempts": TRIES,
    "deliveries": CLAIMS,
    "lookups": 1,
    "park_failures": 2,
}
SOON_S = 0.002
NOW = {
    "requests": text("SELECT id, state FROM requests ORDER BY id"),
    "contracts": text("SELECT id, balance, reserved FROM contracts WHERE counted"),
    "outbox": text(
        "SELECT request, sequence, body FROM outbox WHERE request IS NOT NULL ORDER BY position"
    ),
}


HAND = text(
    "SELECT fence, lease_owner, lease_until, deliveries, state, sequence, decisions, attempts,"
    " (SELECT count(*) FROM attempts WHERE request = requests.id AND outcome IS NULL) AS open"
    " FROM requests WHERE id = :request"
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The ledger as it stands: states, accounts (balance, promised), and events by request."""

    states: Mapping[str, str]
    accounts: Mapping[str, tuple[int, int]]
    told: Mapping[str, list[tuple[int, bytes]]]


class Ground:
    """Where everything is; `reach` is told of every place that whoever works comes by."""

    def __init__(self, var: Path, database_url: str, redis_url: str, sandbox: Portals) -> None:
        self.portals = sandbox
        self.reach: Reach = nothing
        self.runs = self.steps = self._lives = 0
        self._where = (var, database_url, redis_url, sandbox.base_url)
        settings = World(*self._where).settings(**SETTINGS)
        carriers = portals(settings, lambda: self.reach("submit.call_sent"))
        self._carriers: dict[bool, Mapping[str, Portal]] = {
            False: carriers,
            True: {route: Through(one, lookup_is_proof=False) for route, one in carriers.items()},
        }
        self._app = replace(build(settings, "model"), reach=self._came_by)
        self._engine = create_engine(database_url)
        self._folk = read_directory(FOLK)
        if self.database == "sqlite":
            for engine in (self._engine, self._app.store.engine):
                engine.dispose()
                event.listen(engine, "connect", _unhurried)

    @property
    def database(self) -> str:
        return self._app.store.dialect

    def empty(self) -> World:
        """Leave nothing of the run before; give the world of the next one."""
        self.runs += 1
        self.portals.begin_anew()
        emptied(self._where[2])
        tables = [one.name for one in reversed(metadata.sorted_tables) if one.name != "seal"]
        self._sql(*(f"DELETE FROM {name}" for name in tables))
        app, folk = self._app, self._folk
        app.store.write(lambda db: directory.take_in(db, app.vault, folk, who="t"))
        return World(*self._where)

    def life(self, *, blind: bool) -> App:
        """Give what a new process works with; to a `blind` one no look-up is proof."""
        self._lives += 1
        broker = RedisHintBroker(self._app.redis, concurrency=1, idle_s=SOON_S)
        return replace(
            self._app,
            owner=f"life {self._lives}",
            broker=broker,
            holdings=Holdings(),
            portals=self._carriers[blind],
        )

    def time_passes(self) -> None:
        """Let a day pass."""
        self._sql(*LATER)

    def look(self) -> Seen:
        """Look at what stands in the ledger now."""
        with self._engine.connect() as db:
            found = {name: db.execute(sql).all() for name, sql in NOW.items()}
        told: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
        for row in found["outbox"]:
            told[row.request].append((row.sequence, bytes(row.body)))
        return Seen(
            {row.id: row.state for row in found["requests"]},
            {row.id: (row.balance, row.reserved) for row in found["contracts"]},
            told,
        )

    def hand(self, request: str) -> Row[Any]:
        """Look in whose hands a request is, and how far they have come."""
        with self._engine.connect() as db:
            return db.execute(HAND, {"request": request}).one()

    def outside(self, received: Sequence[bytes]) -> Outside:
        """Look at all there is, as somebody who trusts nobody."""
        events = [orjson.loads(body) for body in received]
        return Outside(rows_of(self._engine), self.portals.tickets(), events)

    def close(self) -> None:
        self._engine.dispose()
        for carrier in self._carriers[True].values():
            carrier.close()
        self._app.close()

    def _came_by(self, place: str, request: str = "") -> None:
        self.reach(place, request)

    def _sql(self, *statements: str) -> None:
        with self._engine.begin() as db:
            for statement in statements:
                db.execute(text(statement))


def _unhurried(connection: Any, _record: Any) -> None:
    """Have a commit not wait for the disk: processes die here, machines do not."""
    connection.execute("PRAGMA synchronous=OFF").close()
