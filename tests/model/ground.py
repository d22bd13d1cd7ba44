"""What stays when whoever works dies: one database, one Redis, the portals; empty for each run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import create_engine, event, text

from contracts.directory_file import read_directory
from ledger import directory
from ledger.tables import metadata
from tests.conftest import emptied
from tests.faults.invariants import Outside, rows_of
from tests.faults.portals import Through
from tests.faults.world import LATER, World
from tests.model.kinds import FOLK
from tests.model.portals import Portals
from tests.model.reference import ATTEMPTS, DELIVERIES
from workers.app import App
from workers.bootstrap import build, portals
from workers.broker import HintBroker
from workers.failpoints import Reach, nothing
from workers.holdings import Holdings

HOUR_S = 3600.0
SETTINGS: dict[str, Any] = {
    # Only the time that a run lets pass makes anything due.
    **dict.fromkeys(("lease_s", "rehint_s", "retry_first_s", "retry_most_s"), HOUR_S),
    **dict.fromkeys(("look_after_s", "park_first_s", "park_most_s"), HOUR_S),
    "drain_per_s": 0.001,
    # What takes many turns in earnest takes few here.
    "attempts": ATTEMPTS,
    "deliveries": DELIVERIES,
    "lookups": 1,
    "park_failures": 2,
}
SOON_S = 0.002
NOW = {
    "requests": "SELECT id, state FROM requests ORDER BY id",
    "contracts": "SELECT id, balance, reserved FROM contracts WHERE counted",
    "outbox": "SELECT request, sequence, body FROM outbox WHERE request IS NOT NULL "
    "ORDER BY position",
}


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
        self._where = (var, database_url, redis_url, sandbox.base_url)
        settings = World(*self._where).settings(**SETTINGS)
        carriers = portals(settings, lambda: self.reach("submit.call_sent"))
        self._sighted = dict(carriers)
        self._blind = {
            route: Through(one, lookup_is_proof=False) for route, one in carriers.items()
        }
        self._app = replace(build(settings, "model"), reach=self._reached)
        self._folk = read_directory(FOLK)
        self._lives = 0
        self._engine = create_engine(database_url)
        if self._app.store.dialect == "sqlite":
            for engine in (self._engine, self._app.store.engine):
                engine.dispose()
                event.listen(engine, "connect", _unhurried)

    def _reached(self, place: str, request: str = "") -> None:
        """Tell whoever listens now: carriers and app outlive each of them."""
        self.reach(place, request)

    def empty(self) -> World:
        """Leave nothing of the run before but the schema; give the world of the next one."""
        self.portals.begin_anew()
        emptied(self._where[2])
        tables = [one.name for one in reversed(metadata.sorted_tables) if one.name != "seal"]
        self.sql(*(f"DELETE FROM {name}" for name in tables))
        app = self._app
        app.store.write(lambda db: directory.take_in(db, app.vault, self._folk, who="test"))
        return World(*self._where)

    def life(self, *, blind: bool = False) -> App:
        """Give what a new process works with, for which look-ups may be no proof."""
        self._lives += 1
        broker = HintBroker(self._app.broker.client, concurrency=1, idle_s=SOON_S)
        return replace(
            self._app,
            owner=f"life {self._lives}",
            broker=broker,
            holdings=Holdings(),
            portals=self._blind if blind else self._sighted,
        )

    def time_passes(self) -> None:
        self.sql(*LATER)

    def sql(self, *statements: str) -> None:
        with self._engine.begin() as db:
            for statement in statements:
                db.execute(text(statement))

    def look(self) -> Seen:
        with self._engine.connect() as db:
            found = {name: db.execute(text(sql)).all() for name, sql in NOW.items()}
        told: dict[str, list[tuple[int, bytes]]] = defaultdict(list)
        for row in found["outbox"]:
            told[row.request].append((row.sequence, bytes(row.body)))
        return Seen(
            {row.id: row.state for row in found["requests"]},
            {row.id: (row.balance, row.reserved) for row in found["contracts"]},
            told,
        )

    def outside(self, received: Sequence[bytes]) -> Outside:
        """Look at everything there is, as somebody who trusts nobody."""
        events = [orjson.loads(body) for body in received]
        return Outside(rows_of(self._engine), self.portals.tickets(), events)

    def close(self) -> None:
        self._engine.dispose()
        for carrier in self._sighted.values():
            carrier.close()
        self._app.close()


def _unhurried(connection: Any, _record: Any) -> None:
    """Have a commit not wait for the disk: processes die here, machines do not."""
    connection.execute("PRAGMA synchronous=OFF").close()
