"""The contract with other systems, as documents: made from the code, printed as they are."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from contracts.asyncapi import asyncapi
from contracts.schemas import schemas
from ops.answer import Answer
from ops.output import add, table
from ops.problem import bad_input

BEFORE, BEHIND = "toritsugi.", ".v1"


def asyncapi_document() -> dict[str, Any]:
    return asyncapi(version("toritsugi"))


def openapi_document() -> dict[str, Any]:
    from workers.listeners.http.application import document  # noqa: PLC0415  (heavy; only for this)

    return document()


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of one message; its name may leave out what all begin and end with."""
    found = schemas()
    chosen = found.get(name) or found.get(f"{BEFORE}{name}{BEHIND}")
    if chosen is None:
        raise bad_input(f"there is no message {name}; toritsugi contract schema lists all")
    return chosen


def names() -> Answer:
    """List every message that has a schema."""
    found = {name: str(one["description"]) for name, one in schemas().items()}
    rows = [{"name": name, "description": words} for name, words in found.items()]
    shown = table("message!", "what it says")
    for row in found.items():
        add(shown, *row)
    return Answer({"items": rows, "next": None}, lambda _columns: [shown])
