"""Opens the parts of a command that looks at the ledger or changes it, and closes them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ops.event_log import logging_to_file
from workers import bootstrap
from workers.app import App


@contextmanager
def opened(
    process: str = "command", *, files: bool = False, delivers: bool = False
) -> Iterator[App]:
    """Give the parts, with this command's events going to the event log.

    Only a command that asks portals (`files`) gets their carriers, only one that `delivers` those
    to single receivers.
    """
    settings = bootstrap.read_settings()
    with logging_to_file(settings, process):
        app = bootstrap.build(settings, process, files=files, delivers=delivers)
        try:
            yield app
        finally:
            app.close()
