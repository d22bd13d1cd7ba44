"""A JSON value that is a whole event or the bare data of a request.

Bare data gets the file as its source and a number made from its content.
"""

from __future__ import annotations

from adapters.inbound.file_source import content_key, file_source
from contracts.codec import from_data, from_envelope
from contracts.incoming import Incoming

_ENVELOPE = frozenset({"specversion", "type", "source", "data"})
_ENOUGH = 2


def read_value(value: object, name: str) -> Incoming:
    """Raise Malformed."""
    if not isinstance(value, dict) or is_envelope(value):
        return from_envelope(value)
    return from_data(value, file_source(name), content_key(value))


def is_envelope(value: dict[str, object]) -> bool:
    """Tell an event, even one that lacks an attribute, from bare data."""
    return "specversion" in value or len(_ENVELOPE & value.keys()) >= _ENOUGH
