"""The messages' schemas as parts of a larger document: no definition within another.

Documents for HTTP and for queues refer to `#/components/schemas/…`, and know no `$defs`.
"""

from __future__ import annotations

from typing import Any

from contracts.schemas import schemas

Schema = dict[str, Any]
PREFIX = "#/components/schemas/"


class NameTaken(Exception):
    """Two definitions have one name; give one of the models another."""


def components() -> dict[str, Schema]:
    """Give today's schema of each message and of every part, by name."""
    found: dict[str, Schema] = {}
    for name, schema in schemas().items():
        parts = schema.pop("$defs", {})
        schema.pop("$schema", None)
        for each, part in {**parts, name: schema}.items():
            there = moved(part)
            if found.setdefault(each, there) != there:
                raise NameTaken(each)
    return found


def reference(name: str) -> Schema:
    return {"$ref": f"{PREFIX}{name}"}


def moved(value: Any) -> Any:  # noqa: ANN401  (any part of a schema)
    """Give the schema with its references leading to where its parts are in the document."""
    if isinstance(value, dict):
        return {
            name: part.replace("#/$defs/", PREFIX) if name == "$ref" else moved(part)
            for name, part in value.items()
        }
    return [moved(part) for part in value] if isinstance(value, list) else value
