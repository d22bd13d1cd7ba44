"""Messages as others have written and stored them: they are read for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.codec import decode
from contracts.events import EVENTS, decode_event, encode
from contracts.request import REQUEST_TYPE

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    """Give a golden message as a value."""
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


REQUESTS = [path for path in GOLDEN if read(path)["type"] == REQUEST_TYPE]
EVENTS_OUT = [path for path in GOLDEN if path not in REQUESTS]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_a_golden_request_is_read(path: Path) -> None:
    """Every field of an old request is still understood: none ends in extra."""
    incoming = decode(path.read_bytes())
    assert incoming.data == read(path)["data"]
    assert incoming.request.extra == incoming.data.get("extra", {})


@pytest.mark.parametrize("path", EVENTS_OUT, ids=lambda path: path.stem)
def test_a_golden_event_is_written_again(path: Path) -> None:
    """Reading and writing an old event loses none of its fields."""
    assert json.loads(encode(decode_event(path.read_bytes()))) == read(path)


def test_every_type_has_a_golden_message() -> None:
    """A new type comes with its example."""
    assert {read(path)["type"] for path in GOLDEN} == {REQUEST_TYPE, *EVENTS}
