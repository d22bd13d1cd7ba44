"""A database of one's own, for drills and measurements: made empty, troubled at will, then gone.

Never touches another database of the server that it is given.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

DRIVER = "postgresql+psycopg"
PATIENCE_S = 3
BACKENDS = text(
    "SELECT pid FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
)
CUT = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")


class NotAway(Exception):
    """The database could not be taken away now: somebody else has it, or it does not answer."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """An empty database."""

    kind: str
    url: str
    away: Callable[[], AbstractContextManager[None]]
    """For as long as the block runs nobody gets anything written; raises `NotAway`."""
    backends: Callable[[], Sequence[int]] = list
    """The server's processes that work for it."""


def in_folder(folder: Path) -> Scratch:
    """Give an SQLite file; it is away when somebody else holds its write lock."""
    path = folder / "toritsugi.db"
    return Scratch("sqlite", f"sqlite:///{path}", lambda: _locked(path))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as db:
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise NotAway(str(error)) from None
        yield
        db.execute("ROLLBACK")


@contextmanager
def on_server(server: str, purpose: str) -> Iterator[Scratch]:
    """Give a PostgreSQL database, named for its purpose, while the block runs.

    `server` is a URL; its database, or `postgres`, is only where we ask for ours. Raises
    `DatabaseError` when the server cannot be asked or does not let us.
    """
    office = _office(server)
    name = f"toritsugi_{purpose}_{secrets.token_hex(6)}"
    url = office.url.set(database=name).render_as_string(hide_password=False)
    _run(office, f'CREATE DATABASE "{name}"')
    try:
        yield Scratch(
            "postgresql", url, lambda: _refused(office, name), lambda: _backends(office, name)
        )
    finally:
        _run(office, f'DROP DATABASE "{name}" WITH (FORCE)')


def answers(server: str) -> bool:
    """Whether there is a server that would be asked."""
    try:
        _run(_office(server), "SELECT 1")
    except SQLAlchemyError:
        return False
    return True


def _office(server: str) -> Engine:
    """Connect anew for each statement, so that nothing of ours hangs on the server meanwhile."""
    url = make_url(server).set(drivername=DRIVER)
    return create_engine(
        url if url.database else url.set(database="postgres"),
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
        connect_args={"connect_timeout": PATIENCE_S},
    )


@contextmanager
def _refused(office: Engine, name: str) -> Iterator[None]:
    """Let nobody in, and throw out who is in."""
    try:
        try:
            _run(office, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            with office.connect() as db:
                db.execute(CUT, {"name": name})
        except SQLAlchemyError as error:
            raise NotAway(str(error)) from None
        yield
    finally:
        _run(office, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def _backends(office: Engine, name: str) -> list[int]:
    with office.connect() as db:
        return list(db.execute(BACKENDS, {"name": name}).scalars())


def _run(office: Engine, statement: str) -> None:
    with office.connect() as db:
        db.exec_driver_sql(statement)
