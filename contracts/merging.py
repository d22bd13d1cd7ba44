"""One object laid over another, part by part. Changes neither of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields of both; where both have one, objects are merged and else `above` wins."""
    found = dict(below)
    for name, value in above.items():
        before = found.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            found[name] = merged(before, value)
        else:
            found[name] = value
    return found
