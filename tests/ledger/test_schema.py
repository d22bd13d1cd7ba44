from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from ledger.schema import _config, migrate, newest, version
from ledger.store import Connection, Store, open_store
from ledger.tables import metadata

BEFORE = """
INSERT INTO requests (id, source, sender_id, content_hash, channel, state, queue, body,
  received_at, updated_at) VALUES ('R', 'urn:desk', '1', '', '', '', '', '{}', 0, 0);
INSERT INTO outbox (id, type, body, created_at) VALUES ('1', '', '', 0);
INSERT INTO deliveries (event, request, way, receiver) VALUES
  ('1', 'R', 'mail', 'reply'), ('1', 'R', 'webhook', 'hook:crm')
"""


def test_migrations_lead_to_the_tables_of_today(store: Store) -> None:
    """What the migrations build is what `tables.py` says, on both databases."""

    def differences(db: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(db), metadata))

    assert store.read(differences) == []


def test_the_database_knows_its_version(store: Store) -> None:
    """A migrated database is at the newest version."""
    assert version(store) == newest()


def test_deliveries_of_earlier_versions_get_their_line(tmp_path: Path) -> None:
    """A webhook's is its own; an answer's is that of its way and its request's source."""
    store = open_store(f"sqlite:///{tmp_path / 'ledger.db'}")
    store.write(lambda db: command.upgrade(_config(db), "0005"))
    for said in BEFORE.split(";"):
        with store.engine.begin() as db:
            db.execute(text(said))
    migrate(store)
    lines = store.read(lambda db: db.execute(text("SELECT line FROM deliveries")).scalars().all())
    assert lines == ["mail:urn:desk", "hook:crm"]
    store.close()
