"""Fields by dotted name to the nested `data` of a request."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class NameConflict(Exception):
    """A name that stands for a value and for a group of values."""


def nested(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Put `contact.email` into `contact`; raise NameConflict for a name that is part and whole."""
    data: dict[str, Any] = {}
    for name, value in fields:
        *holders, last = name.split(".")
        inner = data
        for holder in holders:
            inner = inner.setdefault(holder, {})
            if not isinstance(inner, dict):
                raise NameConflict(name)
        if isinstance(inner.get(last), dict):
            raise NameConflict(name)
        inner[last] = value
    return data
