"""The documents of the contract as they were released last; `make released` writes them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any


def released(name: str) -> dict[str, Any]:
    """Give `asyncapi` or `openapi` as it was released."""
    found: dict[str, Any] = json.loads((files(__name__) / f"{name}.json").read_text("utf-8"))
    return found
