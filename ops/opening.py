"""Opens the parts of a command that looks at the ledger or changes it, and closes them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ledger import schema
from ops.event_log import logging_to_file
from workers import bootstrap
from workers.app import App


@contextmanager
def opened(
    process: str = "command", *, files: bool = False, delivers: bool = False, makes: bool = False
) -> Iterator[App]:
    """Give the parts, with this command's events going to the event log.

    Only a command that asks portals (`files`) gets their carriers, only one that `delivers` those
    to single receivers. In a wrong folder one that does not make a ledger leaves nothing behind.
    """
    settings = bootstrap.read_settings()
    if not makes:
        schema.assert_there(bootstrap.database_url(settings))
    with logging_to_file(settings, process):
        app = bootstrap.build(settings, process, files=files, delivers=delivers, makes=makes)
        try:
            yield app
        finally:
            app.close()
