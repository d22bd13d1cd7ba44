"""Documents of the contract: whoever was written against the last release goes on working."""

from __future__ import annotations

from contracts.document_losses import asyncapi_losses, openapi_losses
from contracts.released import released
from ops.answers.contract import asyncapi_document, openapi_document


def test_streams_and_queues_offer_what_was_released() -> None:
    """No channel, operation, message or field is gone; what is said here is a breaking change."""
    assert asyncapi_losses(released("asyncapi"), asyncapi_document()) == []


def test_http_and_webhooks_offer_what_was_released() -> None:
    """No address, form, answer or field is gone, and nothing more is asked for."""
    assert openapi_losses(released("openapi"), openapi_document()) == []
