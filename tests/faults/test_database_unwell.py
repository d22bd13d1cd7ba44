"""P2: the database goes away or will not write, in the middle of work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import Pool

from tests.faults.loops import loops
from tests.faults.processes import until
from tests.faults.proxy import Proxy, before_postgresql
from tests.faults.world import World, samples

ENOUGH = 8
"""More than the times that a request may be taken up without getting anywhere."""


@pytest.fixture
def pragmas() -> Iterator[list[str]]:
    """Give what every connection to SQLite says before it is used."""
    found: list[str] = []

    def say(connection: Any, _record: object, _proxy: object) -> None:
        for one in found:
            connection.execute(f"PRAGMA {one}").close()

    event.listen(Pool, "checkout", say)
    yield found
    event.remove(Pool, "checkout", say)


# ---- SQLite --------------------------------------------------------------------------------------

HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def locked(world: World, pragmas: list[str]) -> Iterator[str]:
    """Have another process keep the file for longer than anyone waits for it."""
    path = world.database_url.removeprefix("sqlite:///")
    with subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        pragmas[:] = ["busy_timeout=50"]
        try:
            yield "database is locked"
        finally:
            holder.kill()
    pragmas[:] = ["busy_timeout=30000"]


@contextmanager
def full(world: World, pragmas: list[str]) -> Iterator[str]:
    """Let the file grow no further."""
    pragmas[:] = [f"max_page_count={world.count('PRAGMA page_count')}"]
    yield "database or disk is full"
    pragmas[:] = ["max_page_count=1000000"]


@contextmanager
def read_only(_: World, pragmas: list[str]) -> Iterator[str]:
    """Have SQLite answer as for a file that it may not write to (root may write to any)."""
    pragmas[:] = ["query_only=ON"]
    yield "attempt to write a readonly database"
    pragmas[:] = ["query_only=OFF"]


# ---- PostgreSQL ----------------------------------------------------------------------------------

ROLE = f"toritsugi_{os.getpid()}"  # two runs at once keep apart
ROLES = (
    f"CREATE ROLE {ROLE} LOGIN PASSWORD 'unwell'",
    f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}",
    f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {ROLE}",
)
NO_ROLES = (f"DROP OWNED BY {ROLE}", f"DROP ROLE {ROLE}")
TERMINATE = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{ROLE}'"
NO_ROOM = (
    """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no room is left' USING ERRCODE = 'disk_full'; END $$""",
    "CREATE TRIGGER no_room BEFORE INSERT ON history EXECUTE FUNCTION no_room()",
)
ROOM = ("DROP TRIGGER no_room ON history", "DROP FUNCTION no_room")


@contextmanager
def restarted(world: World, proxy: Proxy) -> Iterator[str]:
    """End what is connected, and be gone for a while."""
    world.sql(TERMINATE)
    with proxy.away():
        yield "onnection refused"


@contextmanager
def crowded(world: World, proxy: Proxy) -> Iterator[str]:
    """Let in one connection for all processes together."""
    world.sql(f"ALTER ROLE {ROLE} CONNECTION LIMIT 1")
    proxy.cut()
    yield f'too many connections for role "{ROLE}"'
    world.sql(f"ALTER ROLE {ROLE} CONNECTION LIMIT -1")


@contextmanager
def failed_over(world: World, proxy: Proxy) -> Iterator[str]:
    """Take nothing, as a standby that is not promoted yet."""
    world.sql(f"ALTER ROLE {ROLE} SET default_transaction_read_only = on")
    proxy.cut()
    yield "in a read-only transaction"
    world.sql(f"ALTER ROLE {ROLE} RESET default_transaction_read_only")
    proxy.cut()


@contextmanager
def out_of_disk(world: World, _: Proxy) -> Iterator[str]:
    """Have the server say of its own accord that its disk is full.

    A disk that truly is full would take every other database of the server with it.
    """
    world.sql(*NO_ROOM)
    try:
        yield "no room is left"
    finally:
        world.sql(*ROOM)


POSTGRESQL = {
    "restart": restarted,
    "too many connections": crowded,
    "failover": failed_over,
    "disk full": out_of_disk,
}


@pytest.fixture
def role(world: World) -> Iterator[str]:
    """Give the URL of a role that has no privileges of its own."""
    world.sql(*ROLES)
    url = make_url(world.database_url).set(username=ROLE, password="unwell")
    yield url.render_as_string(hide_password=False)
    world.sql(TERMINATE, *NO_ROLES)


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_postgresql_goes_unwell(world: World, role: str, said: list[str]) -> None:
    """P2: what was begun goes on afterwards, what came meanwhile is done, nothing is given up."""
    with before_postgresql(role) as (proxy, url), loops(world, database_url=url):
        for name, trouble in POSTGRESQL.items():
            through(world, said, name, trouble(world, proxy))
        until(lambda: world.broken() == [], "an invariant does not hold")


SQLITE = {"locked": locked, "full": full, "read only": read_only}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_goes_unwell(world: World, pragmas: list[str], said: list[str]) -> None:
    """P2: what was begun goes on afterwards, what came meanwhile is done, nothing is given up."""
    with loops(world):
        for name, trouble in SQLITE.items():
            through(world, said, name, trouble(world, pragmas))
        until(lambda: world.broken() == [], "an invariant does not hold")


def through(world: World, said: list[str], name: str, trouble: AbstractContextManager[str]) -> None:
    """Have work under way when the trouble comes and when it goes, and see it done."""
    world.send(f"{name}, before", samples()["plain"])
    with trouble as words:
        world.send(f"{name}, meanwhile", samples()["plain"])
        until(lambda: sum(words in one for one in said) >= ENOUGH, f"{name} went unnoticed")
    world.send(f"{name}, after", samples()["plain"])
    until(lambda: set(world.states().values()) == {"submitted"}, f"not done after {name}")
