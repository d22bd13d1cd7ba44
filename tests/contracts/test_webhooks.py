"""The webhooks of the OpenAPI document."""

from __future__ import annotations

from openapi_spec_validator import OpenAPIV31SpecValidator

from contracts.events import EVENTS
from contracts.webhooks import HEADERS, webhooks, with_webhooks

EMPTY = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}}


def test_a_document_with_webhooks_is_valid() -> None:
    """Whatever stands in it beside them: every reference leads somewhere."""
    document = with_webhooks(EMPTY)
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    del document["webhooks"]["toritsugi.request.closed.v1"]["post"]["parameters"][0]["name"]
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) != []


def test_every_event_is_one() -> None:
    """Each is posted with the headers of Standard Webhooks."""
    found = webhooks()
    assert set(found) == set(EVENTS)
    for told in found.values():
        assert [one["name"] for one in told["post"]["parameters"]] == list(HEADERS)


def test_what_the_document_had_stays() -> None:
    """Only schemas of events are added."""
    document = with_webhooks({**EMPTY, "components": {"schemas": {"Own": {}}, "x": 1}})
    assert document["components"]["schemas"]["Own"] == {}
    assert document["components"]["x"] == 1
    assert "Attachment" not in document["components"]["schemas"]
