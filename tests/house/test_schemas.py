"""Frozen schemas: what was promised to senders and receivers is still kept."""

from __future__ import annotations

import pytest

from contracts.compatibility import Direction, losses
from contracts.request import REQUEST_TYPE
from contracts.schemas import frozen, schemas


def test_every_message_has_a_frozen_schema() -> None:
    """No message goes in or out without its schema, and none was taken away."""
    assert set(frozen()) == set(schemas())


@pytest.mark.parametrize("name", sorted(frozen()))
def test_todays_models_keep_what_was_frozen(name: str) -> None:
    """Senders of yesterday are read, receivers of yesterday get all they were promised."""
    direction: Direction = "in" if name == REQUEST_TYPE else "out"
    assert losses(frozen()[name], schemas()[name], direction) == []


def test_frozen_schemas_are_todays() -> None:
    """What was added is written down before it is released."""
    assert frozen() == schemas()
