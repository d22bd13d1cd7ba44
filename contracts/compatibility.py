"""What a schema no longer allows that a frozen one did: each loss in a sentence.

A schema may be a part of a larger document, which its references then point into.

Two directions: what others write to us may not be narrowed, what we write to others may not lose
anything that was promised. Adding is always allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

Schema = dict[str, Any]
Direction = Literal["in", "out"]
_CEILINGS = ("maxLength", "maximum", "maxItems")
_FLOORS = ("minLength", "minimum", "minItems")


def losses(frozen: Schema, today: Schema, direction: Direction) -> list[str]:
    return part_losses((frozen, frozen), (today, today), direction)


def part_losses(
    frozen: tuple[Schema, Schema], today: tuple[Schema, Schema], direction: Direction
) -> list[str]:
    """Compare two schemas, each given behind the document that it is a part of."""
    return list(_Comparison(frozen[0], today[0], direction).of(frozen[1], today[1], "$"))


class _Comparison:
    """Two documents, each with the definitions its references point to."""

    def __init__(self, frozen: Schema, today: Schema, direction: Direction) -> None:
        self._frozen = frozen
        self._today = today
        self._inward = direction == "in"

    def of(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        old, new = _resolved(self._frozen, old), _resolved(self._today, new)
        yield from self._choices(old, new, path)
        yield from self._bounds(old, new, path)
        yield from self._required(old, new, path)
        for name, part in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                yield from self.of(part, new["properties"][name], f"{path}.{name}")
            else:
                yield f"{path}.{name}: the property was removed"
        if "items" in old and "items" in new:
            yield from self.of(old["items"], new["items"], f"{path}[]")

    def _choices(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        for lost in _types(self._frozen, old) - _types(self._today, new):
            yield f"{path}: the type {lost} was removed"
        if not self._inward:
            for added in _types(self._today, new) - _types(self._frozen, old):
                yield f"{path}: the type {added} was added to what receivers were promised"
        before, after = _values(self._frozen, old), _values(self._today, new)
        if before is not None and after is not None:
            for lost in sorted(before - after):
                yield f"{path}: the value {lost} was removed"
        elif after is not None and self._inward:
            yield f"{path}: only certain values are left"

    def _bounds(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        if not self._inward:
            return
        old, new = _flat(self._frozen, old), _flat(self._today, new)
        for name in (*_CEILINGS, *_FLOORS):
            if name in new and _narrower(name, old.get(name), new[name]):
                yield f"{path}: {name} was narrowed"
        for name in ("pattern", "format"):
            if name in new and new[name] != old.get(name):
                yield f"{path}: {name} was changed"

    def _required(self, old: Schema, new: Schema, path: str) -> Iterator[str]:
        before, after = set(old.get("required", [])), set(new.get("required", []))
        if self._inward:
            for name in sorted(after - before):
                yield f"{path}.{name}: became required"
            if _is_closed(new) and not _is_closed(old):
                yield f"{path}: unknown fields are no longer taken"
        else:
            for name in sorted(before - after):
                yield f"{path}.{name}: is no longer promised"


def _is_closed(schema: Schema) -> bool:
    return schema.get("additionalProperties") is False


def pointed(document: Schema, reference: str) -> Schema:
    """Follow a reference within the document: `#/components/schemas/Contact`."""
    found = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def _resolved(document: Schema, schema: Schema) -> Schema:
    """Follow references; of alternatives take the one that is an object or a list."""
    while "$ref" in schema:
        schema = pointed(document, schema["$ref"])
    for option in schema.get("anyOf", []):
        found = _resolved(document, option)
        if "properties" in found or "items" in found:
            return found
    return schema


def _options(document: Schema, schema: Schema) -> list[Schema]:
    if "$ref" in schema:
        return _options(document, _resolved(document, schema))
    if "anyOf" in schema:
        return [found for option in schema["anyOf"] for found in _options(document, option)]
    return [schema]


def _types(document: Schema, schema: Schema) -> set[str]:
    return {str(found["type"]) for found in _options(document, schema) if "type" in found}


def _values(document: Schema, schema: Schema) -> set[str] | None:
    """Give None where any value of the type will do."""
    found: set[str] = set()
    for option in _options(document, schema):
        if "enum" in option:
            found |= {str(value) for value in option["enum"]}
        elif "const" in option:
            found.add(str(option["const"]))
    return found or None


def _flat(document: Schema, schema: Schema) -> Schema:
    return {name: value for part in _options(document, schema) for name, value in part.items()}


def _narrower(name: str, old: int | None, new: int) -> bool:
    if old is None:
        return True
    return new < old if name in _CEILINGS else new > old
