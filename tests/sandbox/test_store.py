"""What is kept between two runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sandbox.store import Forgetful, SqliteStore, open_store


def test_order_and_replacement(tmp_path: Path) -> None:
    """Records come back in the order of their first coming, each as it was last put."""
    store = SqliteStore(tmp_path)
    for key, value in (("b", 1), ("a", 2), ("b", 3)):
        store.put("kind", key, {"value": value})
    store.put("other", "a", {"value": 0})
    store.commit()
    store.close()
    store = SqliteStore(tmp_path)
    loaded = store.load("kind")
    store.close()

    assert loaded == [{"value": 3}, {"value": 2}]


def test_uncommitted_is_lost(tmp_path: Path) -> None:
    """What was not committed is not there."""
    store = SqliteStore(tmp_path)
    store.put("kind", "a", {})
    store.close()
    store = SqliteStore(tmp_path)
    loaded = store.load("kind")
    store.close()

    assert loaded == []


def test_one_at_a_time(tmp_path: Path) -> None:
    """A second sandbox over the same state is refused."""
    store = SqliteStore(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        SqliteStore(tmp_path)
    store.close()


def test_no_folder() -> None:
    """Without a folder nothing is kept."""
    assert isinstance(open_store(None), Forgetful)
