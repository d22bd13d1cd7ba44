"""The OpenAPI document of the HTTP API, complete without a server, a database or settings.

Events that are posted to others stand in it as webhooks.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from contracts.components import PREFIX as HERE
from contracts.components import moved
from contracts.request import REQUEST_TYPE
from contracts.schemas import schemas
from contracts.webhooks import with_webhooks
from workers.listeners.http.shapes import SHAPES

SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "As in Standard Webhooks, with webhook-id, webhook-timestamp and"
        " webhook-sender: the name under which the sender is registered.",
    },
}


def describe(api: FastAPI) -> dict[str, Any]:
    """Give the document of the application's routes."""
    found = get_openapi(
        title=api.title,
        version=api.version,
        description="Support requests of Microsoft partners: taken, decided, filed once.",
        routes=api.routes,
        servers=[{"url": "/"}],
    )
    parts = found.setdefault("components", {})
    parts["schemas"] = dict(sorted({**parts.get("schemas", {}), **_components()}.items()))
    parts["securitySchemes"] = SCHEMES
    return with_webhooks(found)


def _components() -> dict[str, Any]:
    _, ours = models_json_schema(
        [(shape, "serialization") for shape in SHAPES], ref_template=HERE + "{model}"
    )
    event = moved(schemas()[REQUEST_TYPE])
    parts = event.pop("$defs", {})
    event.pop("$schema", None)
    data = event["properties"]["data"]
    event["properties"] = {**event["properties"], "data": {"$ref": HERE + "RequestData"}}
    items = {"type": "array", "items": {"$ref": HERE + "Item"}}
    return {
        **ours["$defs"],
        **parts,
        "RequestEvent": event,
        "RequestData": data,
        "Items": items,
        "Answer": {"anyOf": [{"$ref": HERE + "Taken"}, items]},
    }
