"""A sign of life in the ledger, so that whoever looks, on any machine, knows what runs.

Nothing depends on it: a database that is away is not complained of here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from ledger import leases
from ledger.store import Connection, DatabaseError
from workers.app import App

BEAT_S = 5.0
LIFE_S = 20.0


@contextmanager
def beating(app: App) -> Iterator[None]:
    """Show that this process runs for as long as the block does."""
    ended = threading.Event()
    _show(app)
    thread = threading.Thread(target=_again, args=(app, ended), name="beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        _write(app, lambda db: leases.give_up(db, app.owner, app.owner))


def _again(app: App, ended: threading.Event) -> None:
    while not ended.wait(BEAT_S):
        _show(app)


def _show(app: App) -> None:
    _write(app, lambda db: leases.beat(db, app.owner, LIFE_S))


def _write(app: App, work: Callable[[Connection], None]) -> None:
    with suppress(DatabaseError):
        app.store.write(work)
