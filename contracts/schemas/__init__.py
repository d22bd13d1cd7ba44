"""JSON Schemas of every message: today's from the code, and the frozen ones beside this file.

A release adds to a frozen schema, it never takes away: receivers were written against it.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from contracts.events import EVENTS
from contracts.request import REQUEST_TYPE, SupportRequest

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ATTRIBUTES: dict[str, Schema] = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "minLength": 1},
    "source": {"type": "string", "minLength": 1, "format": "uri-reference"},
    "subject": {"type": "string", "minLength": 1},
    "time": {"type": "string", "format": "date-time"},
    "datacontenttype": {"type": "string", "minLength": 1},
    "traceparent": {"type": "string"},
}
_OURS: dict[str, Schema] = {
    "sequence": {"type": "integer", "minimum": 1},
    "correlationid": {"type": "string"},
    "causesource": {"type": "string"},
}


def schemas() -> dict[str, Schema]:
    """Today's schema of each message, by its CloudEvents type."""
    request = SupportRequest.model_json_schema()
    found = {REQUEST_TYPE: _envelope(REQUEST_TYPE, request, ours=False)}
    for event_type, model in EVENTS.items():
        found[event_type] = _envelope(event_type, model.model_json_schema(), ours=True)
    return found


def frozen() -> dict[str, Schema]:
    """Schemas as they were released."""
    folder = files(__name__)
    found = (path for path in folder.iterdir() if path.name.endswith(".json"))
    return {path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in found}


def write_schemas(folder: Path) -> list[Path]:
    """Write today's schemas, a file each; give the files that changed."""
    changed = []
    for name, schema in schemas().items():
        path = folder / f"{name}.json"
        text = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(path)
    return changed


def _envelope(event_type: str, data: Schema, *, ours: bool) -> Schema:
    definitions = data.pop("$defs", {})
    properties = {**_ATTRIBUTES, "type": {"const": event_type}, **(_OURS if ours else {})}
    required = ["specversion", "id", "source", "type", "data", *(["time"] if ours else [])]
    return {
        "$schema": _DIALECT,
        "title": event_type,
        "description": data.pop("description", ""),
        "type": "object",
        "properties": {**properties, "data": data},
        "required": required,
        "$defs": definitions,
    }
