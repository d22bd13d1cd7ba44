"""The way to the database: one unit of work at a time, committed whole or not at all.

SQLite gets one writer thread a process, which commits waiting units together, a savepoint each;
PostgreSQL gets a connection and a transaction for each unit. Never retries what may have been
committed, and never lets a failed unit roll back its neighbours.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import orjson
from sqlalchemy import Connection as Connection  # noqa: PLC0414  (for those who speak no SQL)
from sqlalchemy import Row as Row  # noqa: PLC0414  (as above)
from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,  # noqa: A004  (SQLAlchemy's, of its pool)
)
from tenacity import (
    Retrying,
    retry,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random,
    wait_random_exponential,
)

from ledger.turn import Turn

T = TypeVar("T")
Work = Callable[[Connection], T]
GROUP = 64
SAFE_MODES = {"journal_mode": "wal", "synchronous": "2"}
"""What keeps SQLite's commits through a power cut (2 is FULL)."""
DatabaseAway = (OperationalError, InterfaceError, InternalError, TimeoutError)
"""What a database raises that cannot be asked now, or takes nothing: whatever it is asked."""
DatabaseError = SQLAlchemyError
"""What a database that is away or unwell raises, for those who speak no SQL."""


class StoreClosed(Exception):
    """A unit of work came after the store was closed; it was not run."""


class Writer(Protocol):
    """Runs units of work that write."""

    def write(self, work: Work[T]) -> T: ...
    def close(self) -> None: ...


class Store:
    """An open database."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self.engine = engine
        self._writer = writer
        level = {"isolation_level": "REPEATABLE READ"} if self.dialect == "postgresql" else {}
        self._reading = engine.execution_options(**level)

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and give its result once that is committed.

        `work` may run more than once (never after a commit): its effects belong into the database.
        """
        return self._writer.write(work)

    def read(self, query: Work[T]) -> T:
        """Run `query` on a consistent view of the database."""
        with self._reading.connect() as connection:
            return query(connection)

    def close(self) -> None:
        """Close all connections; one that somebody still reads on, as soon as he is done."""
        self._writer.close()
        event.listen(self.engine, "checkin", _closed)
        self.engine.dispose()


def _closed(_connection: Any, record: Any) -> None:
    record.invalidate()


def open_store(url: str, *, pool_size: int = 16) -> Store:
    """Open the database at a SQLAlchemy URL; `sqlite:///path` or `postgresql+psycopg://…`."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        engine = _sqlite_engine(where)
        return Store(engine, GroupWriter(engine))
    engine = create_engine(
        where,
        pool_size=pool_size,
        max_overflow=pool_size,
        json_serializer=_json,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    return Store(engine, DirectWriter(engine))


def file_of(url: str) -> Path | None:
    """Give the file of an SQLite database; None for a server's."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite" or not where.database:
        return None
    return Path(where.database)


def place_of(url: str) -> str:
    """Say where the database is, without who signs in there and how."""
    file, where = file_of(url), make_url(url)
    if file is not None:
        return str(file.absolute())
    shown = URL.create(
        where.get_backend_name(), host=where.host, port=where.port, database=where.database
    )
    return str(shown)


def sqlite_modes(store: Store) -> dict[str, str]:
    """Say how an SQLite database commits, to be compared with `SAFE_MODES`."""
    return store.read(
        lambda db: {
            name: str(db.exec_driver_sql(f"PRAGMA {name}").scalar_one()) for name in SAFE_MODES
        }
    )


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_json,
        connect_args={"timeout": 30},
        pool_size=8,
        max_overflow=-1,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _sqlite_settings)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_settings(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("busy_timeout=30000", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()
    _use_wal(connection)


@retry(
    # SQLite does not wait its busy_timeout for this one change.
    retry=retry_if_exception(lambda error: "locked" in str(error)),
    stop=stop_after_delay(30),
    wait=wait_random(0.005, 0.05),
    reraise=True,
)
def _use_wal(connection: Any) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL").close()


def _sqlite_begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class DirectWriter:
    """A transaction a unit; serialisation failures and deadlocks are run again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def write(self, work: Work[T]) -> T:
        for attempt in Retrying(
            retry=retry_if_exception(_was_rolled_back),
            stop=stop_after_attempt(5),
            wait=wait_random_exponential(multiplier=0.01, max=0.5),
            reraise=True,
        ):
            with attempt, self._engine.begin() as connection:
                return work(connection)
        raise AssertionError("unreachable")  # tenacity gives a result or raises

    def close(self) -> None:
        """Nothing of its own to give up."""


def _was_rolled_back(error: BaseException) -> bool:
    """Whether the server undid the transaction because another one was quicker.

    That other one may just have inserted what this one looked for in vain: run again, it is found.
    """
    sqlstate = getattr(error.orig, "sqlstate", "") if isinstance(error, DBAPIError) else ""
    return sqlstate in {"40001", "40P01", "23505"}


class GroupWriter:
    """One thread that commits whatever units are waiting as a group, a savepoint each."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(writing=True)
        self._waiting: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = False

    def write(self, work: Work[T]) -> T:
        answer: Future[T] = Future()
        with self._starting:
            if self._closed:
                raise StoreClosed("the database was closed while something still wrote to it")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()
            self._waiting.put((work, answer))
        return answer.result()

    def close(self) -> None:
        with self._starting:
            self._closed = True
            if self._thread is not None:
                self._waiting.put(None)
                self._thread.join()
                self._thread = None

    def _run(self) -> None:
        turn = Turn(Path(str(self._engine.url.database)))
        while (first := self._waiting.get()) is not None:
            group = [first]
            while len(group) < GROUP and not self._waiting.empty():
                unit = self._waiting.get()
                if unit is None:
                    self._waiting.put(None)
                    break
                group.append(unit)
            with turn.taken():
                answers = _commit(self._engine, group)
            for tell in answers:
                tell()


def _commit(engine: Engine, group: list[tuple[Work[Any], Future[Any]]]) -> list[Callable[[], None]]:
    """Run the group in one transaction; give what is to be told when that is over."""
    done: list[Callable[[], None]] = []
    try:
        with engine.begin() as connection:
            if len(group) == 1:  # its failure has no neighbour to be kept from
                ((work, answer),) = group
                done.append(partial(answer.set_result, work(connection)))
            else:
                done.extend(_attempt(connection, work, answer) for work, answer in group)
    except BaseException as error:  # noqa: BLE001  (every waiting caller must hear of it)
        return [partial(answer.set_exception, error) for _, answer in group]
    return done


def _attempt(connection: Connection, work: Work[Any], answer: Future[Any]) -> Callable[[], None]:
    """Run one unit within its savepoint; give what is to be told once the group is committed."""
    try:
        with connection.begin_nested():
            result = work(connection)
    except Exception as error:
        if not getattr(connection.connection.dbapi_connection, "in_transaction", True):
            raise  # SQLite undid the whole group, as on a full disk: nobody's unit is kept
        failure = error
        return lambda: answer.set_exception(failure)
    return lambda: answer.set_result(result)
