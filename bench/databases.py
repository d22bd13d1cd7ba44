"""The databases that are measured: one of our own each, made before and gone afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ops.problem import Problem

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
KINDS = (SQLITE, POSTGRESQL)
SERVER = "TORITSUGI_TEST_POSTGRESQL"
USUAL_SERVER = "postgresql://postgres@127.0.0.1:5432"
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


@dataclass(frozen=True, slots=True)
class Database:
    """An empty database; `backends` are the server's processes that work for it."""

    kind: str
    url: str
    backends: Callable[[], Sequence[int]]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    """Give an empty database of this kind while the block runs."""
    if kind == SQLITE:
        yield Database(SQLITE, f"sqlite:///{folder / 'toritsugi.db'}", list)
        return
    name = f"toritsugi_bench_{secrets.token_hex(6)}"
    try:
        _run(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError as error:
        raise Problem(f"PostgreSQL cannot be used: {error}") from None
    try:
        url = f"{_server()}/{name}".replace("postgresql://", "postgresql+psycopg://", 1)
        yield Database(POSTGRESQL, url, lambda: _backends(name))
    finally:
        _run(f'DROP DATABASE "{name}" WITH (FORCE)')


def reachable() -> bool:
    """Whether a PostgreSQL server answers."""
    try:
        _run("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def kinds(wanted: str | None) -> Sequence[str]:
    """Say what to measure: what is wanted, or whatever is there."""
    if wanted is not None:
        return [wanted]
    return KINDS if reachable() else [SQLITE]


def _run(statement: str) -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True, connect_timeout=3) as db:
        db.execute(statement.encode())


def _backends(name: str) -> list[int]:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True, connect_timeout=3) as db:
        return [pid for (pid,) in db.execute(BACKENDS, [name])]


def _server() -> str:
    return os.environ.get(SERVER, USUAL_SERVER)  # noqa: TID251  (no setting of a deployment)
