"""Where state lies between two runs of the sandbox: records by kind and key.

A record is a frozen dataclass of plain values. Nothing is read back while running: models keep
their state in memory and only write through. Knows neither portals nor HTTP.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any, Protocol

import orjson
from typing_extensions import override

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (kind, key)
)
"""
PUT = """
INSERT INTO record (kind, key, body) VALUES (?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body
"""
#: How long to wait for a predecessor that is still going down.
WAIT_S = 1.0
LOAD = "SELECT body FROM record WHERE kind = ? ORDER BY rowid"


class Store(Protocol):
    """What a model may ask of its store."""

    def load(self, kind: str) -> list[dict[str, Any]]:
        """Every record of a kind, in the order in which the keys first came."""

    def put(self, kind: str, key: str, record: object) -> None:
        """Keep or replace a record; it lasts from the next commit."""

    def commit(self) -> None:
        """Make everything put since the last commit last, together."""

    def close(self) -> None:
        """Let go of the file."""


class Forgetful(Store):
    """The store of a run without `--state`: nothing outlives the process, nothing is paid."""

    @override
    def load(self, kind: str) -> list[dict[str, Any]]:
        return []

    @override
    def put(self, kind: str, key: str, record: object) -> None:
        return

    @override
    def commit(self) -> None:
        return

    @override
    def close(self) -> None:
        return


class SqliteStore(Store):
    """One SQLite file in WAL mode; survives `kill -9` of the process once committed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # Opened by the thread that builds the sandbox, used only by the one that serves it.
        self._db = sqlite3.connect(
            folder / "sandbox.sqlite3", timeout=WAIT_S, check_same_thread=False
        )
        # Two sandboxes over one state would each give out the other's numbers again.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(SCHEMA)

    @override
    def load(self, kind: str) -> list[dict[str, Any]]:
        return [orjson.loads(body) for (body,) in self._db.execute(LOAD, (kind,))]

    @override
    def put(self, kind: str, key: str, record: object) -> None:
        self._db.execute(PUT, (kind, key, orjson.dumps(record)))

    @override
    def commit(self) -> None:
        self._db.commit()

    @override
    def close(self) -> None:
        self._db.close()


def open_store(folder: Path | None) -> Store:
    return SqliteStore(folder) if folder else Forgetful()
