"""The schema's version: brought up to date by numbered migrations, forward only."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ledger.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_265_474_727  # PostgreSQL's advisory lock for whoever migrates


def migrate(store: Store) -> None:
    """Bring the database to the newest version; processes that start together wait in turn."""
    if version(store) == newest():
        return
    with store.engine.execution_options(writing=True).begin() as connection:
        if store.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def version(store: Store) -> str | None:
    """Give the version the database has; None for an empty one."""
    return store.read(lambda db: MigrationContext.configure(db).get_current_revision())


def newest() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
