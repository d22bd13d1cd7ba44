"""Azure's answers outside its ticket model: errors and operations. Only reads.

Errors come in two spellings, `error{code, message}` and `Error{Code, Message}`: keys are read
without regard to case, keys that nobody documented are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_DONE: dict[str, Literal["succeeded", "failed"]] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
    "cancelled": "failed",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What Azure says went wrong."""

    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """How far an operation is; `failure` says why it failed."""

    state: Literal["running", "succeeded", "failed"]
    failure: Envelope


def read_envelope(body: str) -> Envelope:
    """Read an error; an empty one when the body is a page, cut or of another shape."""
    return _envelope(_json(body))


def read_operation(status: int, body: str) -> Operation:
    """Read an answer of an operation's address: a status document, or, at Location, 202 or done."""
    document = _json(body)
    word = document.get("status")
    if isinstance(word, str):
        return Operation(_DONE.get(word.casefold(), "running"), _envelope(document))
    return Operation("running" if status == 202 else "succeeded", Envelope())  # noqa: PLR2004 - HTTP


def _envelope(document: Mapping[str, Any]) -> Envelope:
    error = _lowered(document.get("error"))
    details = error.get("details")
    items = details if isinstance(details, list) else []
    messages = [_text(_lowered(item).get("message")) for item in (error, *items)]
    return Envelope(_text(error.get("code")), " ".join(filter(None, messages)) or None)


def _json(body: str) -> dict[str, Any]:
    try:
        return _lowered(json.loads(body))
    except ValueError:
        return {}


def _lowered(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {str(key).casefold(): item for key, item in value.items()}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
