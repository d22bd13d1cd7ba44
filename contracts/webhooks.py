"""The webhooks as OpenAPI describes them: each event, posted to whoever asked for it."""

from __future__ import annotations

from typing import Any

from contracts.components import components, reference
from contracts.events import EVENTS
from contracts.examples import examples

Document = dict[str, Any]
MEDIA_TYPE = "application/cloudevents+json"
HEADERS: Document = {
    "webhook-id": "The event's id: the same each time.",
    "webhook-timestamp": "Seconds since 1970, when it was sent.",
    "webhook-signature": "`v1,` and the HMAC-SHA256, by the receiver's secret, of"
    " `{webhook-id}.{webhook-timestamp}.{body}` in base64; several with blanks between.",
}
"""As in Standard Webhooks."""


def with_webhooks(document: Document) -> Document:
    """Give the document with every event as a webhook, and the schemas of all messages."""
    parts = document.get("components", {})
    schemas = dict(sorted({**parts.get("schemas", {}), **_of_events()}.items()))
    return {
        **document,
        "webhooks": webhooks(),
        "components": {**parts, "schemas": schemas},
    }


def webhooks() -> Document:
    shown, schemas = examples(), components()
    return {
        name: {"post": _told(name, schemas[name]["description"], shown[name])} for name in EVENTS
    }


def _told(name: str, words: str, example: Document) -> Document:
    content = {"schema": reference(name), "examples": {"example": {"value": example}}}
    return {
        "operationId": f"told_{name.removeprefix('toritsugi.').replace('.', '_')}",
        "summary": words,
        "tags": ["webhooks"],
        "security": [],
        "parameters": [
            {
                "in": "header",
                "name": header,
                "required": True,
                "description": description,
                "schema": {"type": "string"},
            }
            for header, description in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {MEDIA_TYPE: content}},
        "responses": {
            "2XX": {"description": "Taken; it is not sent again."},
            "default": {"description": "Sent again later, under the same id."},
        },
    }


def _of_events() -> Document:
    """Leave out what only requests are made of: the document has its own."""
    found = components()
    kept: Document = {}
    wanted = list(EVENTS)
    while wanted:
        name = wanted.pop()
        kept[name] = found[name]
        wanted += [one for one in _named(found[name]) if one not in kept]
    return kept


def _named(value: object) -> list[str]:
    """Give the parts that a schema refers to."""
    if isinstance(value, list):
        return [name for part in value for name in _named(part)]
    if not isinstance(value, dict):
        return []
    here = [str(value["$ref"]).rpartition("/")[2]] if "$ref" in value else []
    return here + [name for part in value.values() for name in _named(part)]
