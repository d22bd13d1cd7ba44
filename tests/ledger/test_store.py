from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from ledger.schema import migrate
from ledger.store import Connection, Store, StoreClosed, open_store


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


def test_a_full_disk_is_told_to_everybody(tmp_path: Path) -> None:
    """When SQLite gives the whole group up, nobody of it is told that all went well."""
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(store)
    store.write(lambda db: db.execute(text("PRAGMA max_page_count = 1")))
    held, go = threading.Event(), threading.Event()
    told: dict[str, object] = {}

    def write(name: str, size: int) -> None:
        def work(db: Connection) -> None:
            if name == "first":
                held.set()
                go.wait(10)
            db.execute(text(insert_lease(name + "x" * size)))

        try:
            store.write(work)
            told[name] = "ok"
        except Exception as error:  # noqa: BLE001  (what it is told is what is looked at)
            told[name] = error

    sizes = {"first": 0, "small": 0, "big": 3_000_000, "last": 0}
    threads = [threading.Thread(target=write, args=one) for one in sizes.items()]
    threads[0].start()
    assert held.wait(10)
    for thread in threads[1:]:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()

    kept = {name.rstrip("x") for name in names(store)}
    assert isinstance(told["big"], OperationalError)
    assert {name for name, answer in told.items() if answer == "ok"} == kept
    store.close()


def test_a_commit_that_fails_is_told(store: Store) -> None:
    """An error at the commit itself reaches whoever waits for it."""
    with pytest.raises(IntegrityError):
        store.write(
            lambda db: db.execute(
                text(
                    "INSERT INTO links (partner, sign_in, contract, linked_at) "
                    "VALUES ('p', 's', 'c', 0)"
                )
            )
        )


def test_nothing_is_written_after_the_close(tmp_path: Path) -> None:
    """A unit that comes too late is refused, not forgotten."""
    store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
    store.close()

    with pytest.raises(StoreClosed):
        store.write(lambda db: db.execute(text("SELECT 1")))


def test_who_still_reads_at_the_close_leaves_no_connection(database_url: str) -> None:
    """A connection that was in use when the store closed is closed by whoever used it."""
    store = open_store(database_url)
    closed: list[object] = []
    event.listen(store.engine, "invalidate", lambda connection, *_: closed.append(connection))

    store.read(lambda _: store.close())

    assert len(closed) == 1


def test_what_another_one_inserted_meanwhile_is_found(store: Store) -> None:
    """Two that look in vain and insert the same: the second runs again and finds the first's."""
    start = threading.Barrier(2)
    answers: list[str] = []

    def admit(db: Connection) -> str:
        found = db.execute(text("SELECT name FROM leases WHERE name = 'one'")).scalar()
        if found is not None:
            return "found"
        db.execute(text(insert_lease("one")))
        return "inserted"

    def reach() -> None:
        start.wait()
        answers.append(store.write(admit))

    threads = [threading.Thread(target=reach) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["found", "inserted"]


def test_a_read_sees_one_moment(store: Store) -> None:
    """What is committed during a read is not seen by its second half."""

    def twice(db: Connection) -> tuple[int, int]:
        count = text("SELECT count(*) FROM leases")
        first = db.execute(count).scalar_one()
        store.write(lambda other: other.execute(text(insert_lease("late"))))
        return first, db.execute(count).scalar_one()

    assert store.read(twice) == (0, 0)
