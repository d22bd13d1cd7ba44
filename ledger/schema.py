"""The schema's version: brought up to date by numbered migrations, forward only."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ledger.store import Connection, Store, file_of, place_of

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_265_474_727  # PostgreSQL's advisory lock for whoever migrates


class NoLedger(Exception):
    """There is no ledger in the database that is named, and whoever asked makes none."""


def assert_there(url: str) -> None:
    """Raise `NoLedger` for a file that is not there: to connect to it would make it."""
    file = file_of(url)
    if file is not None and not file.exists():
        raise NoLedger(place_of(url))


def migrate(store: Store, *, makes: bool = True) -> None:
    """Bring the database to the newest version; processes that start together wait in turn.

    Unless it `makes` one, a database without a ledger is left alone: raises `NoLedger`.
    """
    found = version(store)
    if found == newest():
        return
    if found is None and not makes:
        raise NoLedger(place_of(str(store.engine.url)))
    with store.engine.execution_options(writing=True).begin() as connection:
        if store.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        command.upgrade(_config(connection), "head")


def version(store: Store) -> str | None:
    """Give the version the database has; None for an empty one."""
    return store.read(lambda db: MigrationContext.configure(db).get_current_revision())


@cache
def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def draft(store: Store, name: str) -> None:
    """Write the migration from the store's schema to today's tables, under the next number."""
    number = f"{int(newest() or 0) + 1:04}"
    with store.engine.execution_options(writing=True).begin() as connection:
        command.revision(_config(connection), name, autogenerate=True, rev_id=number)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
