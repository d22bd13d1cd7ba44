"""Writes the next migration: what leads from the last one to today's `tables.py`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from ledger.schema import draft, migrate
from ledger.store import open_store


def main() -> None:
    """Draft a migration named by the arguments, against a database that has the others."""
    name = " ".join(sys.argv[1:]).strip()
    if not name:
        sys.exit('say what changes: make migration NAME="add a column"')
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'draft.db'}")
        migrate(store)
        draft(store, name)
        store.close()


main()
