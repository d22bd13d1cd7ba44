"""What a sender wrote beyond our fields is kept, in its nesting, and passed through.

Never an error; what is named or looks like a secret is masked here, before anything is stored.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from contracts.merging import merged
from contracts.redaction import redact


def unknown_fields(
    data: dict[str, Any], known: Container[str], parts: Mapping[str, Container[str]]
) -> dict[str, Any]:
    """Merge fields that are not in `known` (or in a part's) with the sender's own `extra`."""
    found = _left_over(data, known)
    for name, fields in parts.items():
        inner = _of_part(data.get(name), fields)
        if inner:
            found[name] = inner
    own = data.get("extra")
    if own is None:
        return _masked(found)
    return _masked(merged(own if isinstance(own, dict) else {"extra": own}, found))


def _masked(found: dict[str, Any]) -> dict[str, Any]:
    return {name: redact({name: value})[name] for name, value in found.items()}


def _left_over(data: dict[str, Any], known: Container[str]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in known}


def _of_part(part: object, fields: Container[str]) -> dict[str, Any]:
    """Give a list's unknown fields by position."""
    if isinstance(part, dict):
        return _left_over(part, fields)
    if not isinstance(part, list | tuple):
        return {}
    found = {str(at): _of_part(item, fields) for at, item in enumerate(part)}
    return {at: inner for at, inner in found.items() if inner}
