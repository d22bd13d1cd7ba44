from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ledger.schema import migrate
from ledger.store import Connection, Store, open_store


def insert_lease(name: str) -> str:
    """Give a statement that anyone may run once."""
    return f"INSERT INTO leases VALUES ('{name}', 'me', 0, 0)"


def names(store: Store) -> set[str]:
    """Give the names of all leases."""
    return set(store.read(lambda db: db.execute(text("SELECT name FROM leases")).scalars().all()))


def test_a_failed_unit_does_not_touch_its_neighbours(store: Store) -> None:
    """Units that wait together are committed together, but each fails alone."""
    held, go = threading.Event(), threading.Event()
    failures: list[BaseException] = []

    def hold(db: Connection) -> None:
        held.set()
        go.wait(10)
        db.execute(text(insert_lease("first")))

    def add(name: str, *, broken: bool) -> None:
        def work(db: Connection) -> None:
            db.execute(text(insert_lease(name)))
            if broken:
                raise LookupError(name)

        try:
            store.write(work)
        except LookupError as error:
            failures.append(error)

    threads = [threading.Thread(target=store.write, args=(hold,))]
    threads[0].start()
    assert held.wait(10)
    for n in range(6):
        threads.append(threading.Thread(target=add, args=(f"n{n}",), kwargs={"broken": n % 2 == 0}))
        threads[-1].start()
    go.set()
    for thread in threads:
        thread.join()

    assert names(store) == {"first", "n1", "n3", "n5"}
    assert len(failures) == 3


def test_a_constraint_that_is_broken_reaches_its_caller(store: Store) -> None:
    """The database's own errors come back to whoever caused them; the store goes on."""
    store.write(lambda db: db.execute(text(insert_lease("one"))))

    with pytest.raises(IntegrityError):
        store.write(lambda db: db.execute(text(insert_lease("one"))))
    store.write(lambda db: db.execute(text(insert_lease("two"))))

    assert names(store) == {"one", "two"}


def test_sqlite_is_safe_against_a_power_cut(tmp_path: Path) -> None:
    """WAL, every commit synced, and room for another process's turn."""
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")

    def pragma(name: str) -> object:
        return store.read(lambda db: db.execute(text(f"PRAGMA {name}")).scalar())

    assert (pragma("journal_mode"), pragma("synchronous")) == ("wal", 2)
    assert int(str(pragma("busy_timeout"))) >= 5_000
    assert pragma("foreign_keys") == 1
    store.close()


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    """Many openers of an empty database all find it migrated."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    errors: list[BaseException] = []

    def start() -> None:
        store = open_store(url)
        try:
            migrate(store)
            names(store)
        except Exception as error:  # noqa: BLE001  (whatever it is, the test names it)
            errors.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
