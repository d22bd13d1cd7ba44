"""What a document of the contract no longer offers that a released one did, each in a sentence.

Senders and receivers were written against the released one: addresses, ways and answers stay, and
the schemas on them lose nothing (`compatibility`). Adding is always allowed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts.compatibility import Direction, part_losses, pointed

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")


def asyncapi_losses(released: Document, today: Document) -> list[str]:
    both = _Both(released, today)
    return [*both.channels(), *both.operations()]


def openapi_losses(released: Document, today: Document) -> list[str]:
    both = _Both(released, today)
    return [*both.ways("paths", "in"), *both.ways("webhooks", "out")]


class _Both:
    """The released document, and today's."""

    def __init__(self, released: Document, today: Document) -> None:
        self._released = released
        self._today = today

    # ---- AsyncAPI

    def channels(self) -> Iterator[str]:
        today = self._today["channels"]
        for name, old in self._released["channels"].items():
            if name not in today:
                yield f"{name}: the channel was removed"
                continue
            if old["address"] != today[name]["address"]:
                yield f"{name}: the address was changed"
            for lost in sorted(old["messages"].keys() - today[name]["messages"].keys()):
                yield f"{name}: the message {lost} was removed"

    def operations(self) -> Iterator[str]:
        today = self._today["operations"]
        for name, old in self._released["operations"].items():
            if name not in today:
                yield f"{name}: the operation was removed"
                continue
            if any(old[part] != today[name][part] for part in ("action", "channel")):
                yield f"{name}: the operation is another one"
            direction: Direction = "in" if old["action"] == "receive" else "out"
            for message in old["messages"]:
                yield from self._message(name, message["$ref"], direction)

    def _message(self, where: str, reference: str, direction: Direction) -> Iterator[str]:
        try:
            old, new = (_followed(one, reference) for one in (self._released, self._today))
        except KeyError:
            return  # told with its channel
        yield from self._schema(where, old["payload"], new["payload"], direction)

    # ---- OpenAPI

    def ways(self, part: str, direction: Direction) -> Iterator[str]:
        today = self._today.get(part, {})
        for path, methods in self._released.get(part, {}).items():
            for method in methods.keys() & set(_METHODS):
                where, new = f"{method.upper()} {path}", today.get(path, {}).get(method)
                if new is None:
                    yield f"{where}: was removed"
                else:
                    yield from self._way(where, methods[method], new, direction)

    def _way(self, where: str, old: Document, new: Document, direction: Direction) -> Iterator[str]:
        asked = {(one["in"], one["name"]) for one in old.get("parameters", ()) if one["required"]}
        for one in new.get("parameters", ()):
            if one.get("required") and (one["in"], one["name"]) not in asked:
                yield f"{where}: the {one['in']} parameter {one['name']} became required"
        body, today = (one.get("requestBody", {}).get("content", {}) for one in (old, new))
        yield from self._contents(where, body, today, direction)
        answers = new.get("responses", {})
        for status, answer in old.get("responses", {}).items():
            if status not in answers:
                yield f"{where}: the answer {status} was removed"
                continue
            of = (answer.get("content", {}), answers[status].get("content", {}))
            yield from self._contents(f"{where} {status}", *of, "out")

    def _contents(
        self, where: str, old: Document, new: Document, direction: Direction
    ) -> Iterator[str]:
        for kind, content in old.items():
            if kind not in new:
                yield f"{where}: {kind} was removed"
            else:
                schemas = (content.get("schema", {}), new[kind].get("schema", {}))
                yield from self._schema(f"{where} {kind}", *schemas, direction)

    def _schema(
        self, where: str, old: Document, new: Document, direction: Direction
    ) -> Iterator[str]:
        found = part_losses((self._released, old), (self._today, new), direction)
        yield from (f"{where} {loss.removeprefix('$.')}" for loss in found)


def _followed(document: Document, reference: str) -> Document:
    found = pointed(document, reference)
    return _followed(document, found["$ref"]) if "$ref" in found else found
