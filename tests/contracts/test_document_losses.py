"""The check of whole documents: each way to break a sender or a receiver is found."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from contracts.asyncapi import asyncapi
from contracts.document_losses import asyncapi_losses, openapi_losses
from contracts.request import REQUEST_TYPE

Document = dict[str, Any]
EVENT = "toritsugi.request.closed.v1"
TEXT = {"type": "string"}
SMALL: Document = {
    "paths": {
        "/v1/requests": {
            "post": {
                "parameters": [{"in": "header", "name": "X-Trace", "required": False}],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}
                },
                "responses": {
                    "202": {
                        "content": {"application/json": {"schema": {"properties": {"a": TEXT}}}}
                    },
                    "400": {"description": "no"},
                },
            }
        }
    },
    "webhooks": {
        "closed": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"required": ["a"]}}}}
            }
        }
    },
    "components": {"schemas": {"A": {"properties": {"severity": {"enum": ["A", "B"]}}}}},
}


def lose_channel(document: Document) -> None:
    """Give a way in up."""
    del document["channels"]["requestsQueue"]
    del document["operations"]["takeRequestFromQueue"]


def move_channel(document: Document) -> None:
    """Have senders write to nobody."""
    document["channels"]["requestsStream"]["address"] = "elsewhere"


def lose_message(document: Document) -> None:
    """Tell no more of what receivers wait for."""
    del document["channels"]["eventsStream"]["messages"][EVENT]


def lose_operation(document: Document) -> None:
    """Tell nothing on a stream that is there."""
    del document["operations"]["tellOnStream"]


def turn_operation(document: Document) -> None:
    """Send where we received."""
    document["operations"]["takeRequestFromStream"]["action"] = "send"


def require_more(document: Document) -> None:
    """Ask senders for what they need not have given; it comes by two channels."""
    del document["operations"]["takeRequestFromQueue"]
    document["components"]["schemas"][REQUEST_TYPE]["properties"]["data"]["required"] = ["title"]


@pytest.mark.parametrize(
    ("harm", "number"),
    [
        (lose_channel, 2),
        (move_channel, 1),
        (lose_message, 1),
        (lose_operation, 1),
        (turn_operation, 1),
        (require_more, 2),
    ],
)
def test_a_loss_of_the_asyncapi_document_is_found(
    harm: Callable[[Document], None], number: int
) -> None:
    """Each in a sentence of its own."""
    released, today = asyncapi("1"), json.loads(json.dumps(asyncapi("2")))
    assert asyncapi_losses(released, today) == []
    harm(today)
    assert len(asyncapi_losses(released, today)) == number


def post(document: Document) -> Document:
    """Give the one way in."""
    found: Document = document["paths"]["/v1/requests"]["post"]
    return found


def lose_way(document: Document) -> None:
    """Answer there no more."""
    del document["paths"]["/v1/requests"]["post"]


def lose_webhook(document: Document) -> None:
    """Tell no more of it."""
    del document["webhooks"]["closed"]


def lose_form(document: Document) -> None:
    """Take a media type no more."""
    post(document)["requestBody"]["content"] = {}


def require_header(document: Document) -> None:
    """Refuse whoever does not send it."""
    post(document)["parameters"][0]["required"] = True


def narrow(document: Document) -> None:
    """Take a choice away, behind a reference."""
    document["components"]["schemas"]["A"]["properties"]["severity"]["enum"] = ["A"]


def lose_answer(document: Document) -> None:
    """Answer otherwise."""
    del post(document)["responses"]["202"]


def lose_field(document: Document) -> None:
    """Leave a field of an answer out."""
    content = post(document)["responses"]["202"]["content"]
    content["application/json"]["schema"]["properties"] = {}


def unpromise(document: Document) -> None:
    """Leave a field of an event out at times."""
    content = document["webhooks"]["closed"]["post"]["requestBody"]["content"]
    content["application/json"]["schema"]["required"] = []


@pytest.mark.parametrize(
    "harm",
    [lose_way, lose_webhook, lose_form, require_header, narrow, lose_answer, lose_field, unpromise],
)
def test_a_loss_of_the_openapi_document_is_found(harm: Callable[[Document], None]) -> None:
    """Each is one, and names where."""
    today = copy.deepcopy(SMALL)
    harm(today)
    assert len(openapi_losses(SMALL, today)) == 1


def test_what_is_added_is_no_loss() -> None:
    """A new way, a new answer, a new choice."""
    today = copy.deepcopy(SMALL)
    today["paths"]["/v2"] = {"get": {}}
    post(today)["responses"]["429"] = {}
    post(today)["parameters"].append({"in": "query", "name": "wait", "required": False})
    today["components"]["schemas"]["A"]["properties"]["severity"]["enum"].append("C")
    assert openapi_losses(SMALL, today) == []
