from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import scratch
from ledger.clock import moment
from ledger.schema import migrate
from ledger.scratch import Scratch
from ledger.store import DatabaseAway, open_store
from tests.conftest import POSTGRESQL, missing


@pytest.fixture
def on_server() -> Iterator[Scratch]:
    """Give a database of our own on the PostgreSQL server."""
    if not scratch.answers(POSTGRESQL):
        missing("a PostgreSQL server")
    with scratch.on_server(POSTGRESQL, "test") as found:
        yield found


@pytest.mark.postgresql
def test_a_server_can_refuse_one_database(on_server: Scratch) -> None:
    """Who was in is thrown out and nobody gets in; afterwards all is as before."""
    store = open_store(on_server.url)
    migrate(store)
    assert on_server.backends()
    with on_server.away():
        assert not on_server.backends()
        with pytest.raises(DatabaseAway):
            store.read(moment)
    assert store.read(moment).year > 2000
    store.close()


@pytest.mark.postgresql
def test_a_scratch_database_is_gone_afterwards() -> None:
    """Nothing is left on the server, even with somebody still connected."""
    if not scratch.answers(POSTGRESQL):
        missing("a PostgreSQL server")
    with scratch.on_server(POSTGRESQL, "test") as found:
        store = open_store(found.url)
        store.read(moment)
    with pytest.raises(DatabaseAway, match="does not exist"):
        open_store(found.url).read(moment)
    store.engine.dispose()


def test_an_sqlite_file_can_be_held(tmp_path: Path) -> None:
    """While somebody holds the write lock nobody else gets it; afterwards anyone does."""
    found = scratch.in_folder(tmp_path)
    other = sqlite3.connect(tmp_path / "toritsugi.db", timeout=0, isolation_level=None)
    with found.away(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def test_a_server_that_is_not_there_says_so() -> None:
    """Nobody listens there, and asking takes no longer than a moment."""
    assert not scratch.answers("postgresql://nobody@127.0.0.1:1")
