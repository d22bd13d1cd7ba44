"""Words for what pydantic finds wrong: a place, the choices there are, and what to do.

Never shows the value it speaks of: it may be a secret, or somebody's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from contracts.malformed import Fault

_WORDS: Mapping[str, str] = {
    "string_type": "must be text; put it in quotes",
    "literal_error": "must be one of {expected}",
    "string_too_long": "has more than {max_length:,} characters; shorten it",
    "string_too_short": "must not be empty",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number without quotes",
    "model_type": "must be an object with named fields",
    "model_attributes_type": "must be an object with named fields",
    "dict_type": "must be an object with named fields",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "datetime_type": "must be a time as RFC 3339 writes it, in quotes",
    "date_type": "must be a day such as 2027-03-31",
    "missing": "is missing; add it",
    "extra_forbidden": "is not a field of the format; remove it or correct its name",
    "greater_than_equal": "must be {ge} or more",
}
# Fields whose zeros are lost when they are written as a number.
_DIGITS = frozenset({"partner", "id", "access_id", "contract_id", "phone"})


def faults_of(error: ValidationError, root: str) -> list[Fault]:
    """`root` is the name of what was validated, such as `data`."""
    details = error.errors(include_url=False, include_input=False)
    return [Fault(place(root, detail["loc"]), _words(detail)) for detail in details]


def place(root: str, path: Iterable[int | str]) -> str:
    for step in path:
        root += f"[{step}]" if isinstance(step, int) else f".{step}"
    return root.removeprefix(".")


def _words(detail: Mapping[str, Any]) -> str:
    kind, path = detail["type"], detail["loc"]
    if kind == "string_type" and path and path[-1] in _DIGITS:
        return "must be text; put it in quotes, or zeros in front are lost"
    words = _WORDS.get(kind)
    return words.format_map(detail.get("ctx", {})) if words else str(detail["msg"])
