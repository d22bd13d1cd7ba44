"""The rules in force, as commands read them without a database."""

from __future__ import annotations

from ops.output import warn
from workers import bootstrap
from workers.bootstrap import Settings
from workers.rulebook import Shelf


def shelf_in_force(settings: Settings, edition: str | None = None) -> Shelf:
    """Read the rules, and say on standard error that the operator's products are left out."""
    shelf = bootstrap.read_shelf(settings, edition)
    if shelf.fault is not None:
        warn(f"{shelf.fault.path} is broken and left out; toritsugi doctor says where")
    return shelf
