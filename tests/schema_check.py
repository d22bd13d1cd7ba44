"""Events as they were published, held against the schemas that receivers were promised."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from jsonschema_rs import Draft202012Validator

from contracts.schemas import frozen


def broken_promises(bodies: Iterable[bytes]) -> list[str]:
    """Give what in these events is not as their frozen schemas say, formats included."""
    schemas = frozen()
    known = {
        name: Draft202012Validator(schema, validate_formats=True)
        for name, schema in schemas.items()
    }
    events = [orjson.loads(body) for body in bodies]
    return [
        f"{event['type']} {error.instance_path}: {error.message}"
        for event in events
        for error in known[event["type"]].iter_errors(event)
    ]
