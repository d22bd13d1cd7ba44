"""The check that frees us from remembering: each way to break a receiver is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from contracts.compatibility import losses
from contracts.schemas import schemas

Schema = dict[str, Any]
REQUEST = "toritsugi.request.v1"
SUBMITTED = "toritsugi.request.submitted.v1"


def data_of(schema: Schema) -> Schema:
    """Give the part that speaks of data."""
    found: Schema = schema["properties"]["data"]
    return found


def remove_title(schema: Schema) -> None:
    """Forget a field."""
    del data_of(schema)["properties"]["title"]


def require_title(schema: Schema) -> None:
    """Ask for a field at the door."""
    data_of(schema)["required"] = ["title"]


def drop_severity_c(schema: Schema) -> None:
    """Take away a choice."""
    data_of(schema)["properties"]["severity"]["anyOf"][0]["enum"].remove("C")


def shorten_title(schema: Schema) -> None:
    """Lower a ceiling."""
    data_of(schema)["properties"]["title"]["anyOf"][0]["maxLength"] = 100


def limit_partner(schema: Schema) -> None:
    """Add a pattern where there was none."""
    data_of(schema)["properties"]["partner"]["anyOf"][0]["pattern"] = r"\d+"


def retype_partner(schema: Schema) -> None:
    """Want a number instead of text."""
    data_of(schema)["properties"]["partner"]["anyOf"][0]["type"] = "integer"


def close_contact(schema: Schema) -> None:
    """Refuse unknown fields of a part."""
    schema["$defs"]["Contact"]["additionalProperties"] = False


def remove_file_name(schema: Schema) -> None:
    """Forget a field of a list's item."""
    del schema["$defs"]["Attachment"]["properties"]["name"]


@pytest.mark.parametrize(
    "harm",
    [
        remove_title,
        require_title,
        drop_severity_c,
        shorten_title,
        limit_partner,
        retype_partner,
        close_contact,
        remove_file_name,
    ],
)
def test_narrowing_what_comes_in_is_found(harm: Callable[[Schema], None]) -> None:
    """What a sender could write yesterday, it can write tomorrow."""
    frozen = schemas()[REQUEST]
    today = copy.deepcopy(frozen)
    harm(today)
    assert len(losses(frozen, today, "in")) == 1


def unpromise_state(schema: Schema) -> None:
    """Leave a field out at times."""
    data_of(schema)["required"].remove("state")


def remove_plan(schema: Schema) -> None:
    """Leave a field out for ever."""
    del data_of(schema)["properties"]["plan"]


def null_the_number(schema: Schema) -> None:
    """Write null where there was always text."""
    number = schema["$defs"]["TicketNews"]["properties"]["number"]
    number["anyOf"] = [{"type": number.pop("type")}, {"type": "null"}]


@pytest.mark.parametrize("harm", [unpromise_state, remove_plan, null_the_number])
def test_breaking_a_promise_is_found(harm: Callable[[Schema], None]) -> None:
    """What a receiver could rely on yesterday, it can rely on tomorrow."""
    frozen = schemas()[SUBMITTED]
    today = copy.deepcopy(frozen)
    harm(today)
    assert len(losses(frozen, today, "out")) == 1


def test_adding_is_allowed() -> None:
    """A new field, a new choice and a higher ceiling break nobody."""
    frozen = schemas()[REQUEST]
    today = copy.deepcopy(frozen)
    properties = data_of(today)["properties"]
    properties["colour"] = {"type": "string"}
    properties["severity"]["anyOf"][0]["enum"].append("D")
    properties["title"]["anyOf"][0]["maxLength"] = 500
    assert losses(frozen, today, "in") == []
