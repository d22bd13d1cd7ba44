from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ledger.schema import newest, version
from ledger.store import Connection, Store
from ledger.tables import metadata


def test_migrations_lead_to_the_tables_of_today(store: Store) -> None:
    """What the migrations build is what `tables.py` says, on both databases."""

    def differences(db: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(db), metadata))

    assert store.read(differences) == []


def test_the_database_knows_its_version(store: Store) -> None:
    """A migrated database is at the newest version."""
    assert version(store) == newest()
