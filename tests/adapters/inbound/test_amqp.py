from __future__ import annotations

from typing import Any

import orjson
import pytest

from adapters.inbound.amqp import parse_delivery
from contracts.incoming import Incoming
from contracts.malformed import Malformed
from tests.builders import onprem_data
from tests.driving import event

WHOLE = "application/cloudevents+json"
NAMES = {"specversion": "1.0", "type": "toritsugi.request.v1", "source": "urn:sender", "id": "7"}


def attributes(prefix: str = "cloudEvents_", **more: str) -> dict[str, str]:
    """Give the attributes of an event as headers."""
    return {f"{prefix}{name}": value for name, value in {**NAMES, **more}.items()}


def read(body: bytes, kind: str | None, headers: dict[str, Any] | None) -> Incoming | Malformed:
    """Give what comes out; there is one item, whatever goes in."""
    (item,) = parse_delivery(body, kind, headers, limit=100_000)
    return item.outcome


@pytest.mark.parametrize("kind", [WHOLE, f"{WHOLE}; charset=utf-8", None, "text/plain"])
@pytest.mark.parametrize("headers", [None, {}, {"x-death": 3}])
def test_a_whole_event(kind: str | None, headers: dict[str, Any] | None) -> None:
    """Without attributes in the headers the body is the event, whatever it is called."""
    found = read(event(onprem_data(), "7"), kind, headers)
    assert isinstance(found, Incoming)
    assert (found.source, found.id) == ("urn:sender", "7")


def test_a_whole_event_with_its_attributes_outside_too() -> None:
    """The body holds, where it says that it is a whole event."""
    found = read(event(onprem_data(), "7"), WHOLE, attributes(id="8"))
    assert isinstance(found, Incoming)
    assert found.id == "7"


@pytest.mark.parametrize("prefix", ["cloudEvents_", "cloudEvents:"])
def test_an_event_in_parts(prefix: str) -> None:
    """With attributes in the headers the body is the data; kept is the event they make."""
    body = orjson.dumps(onprem_data())
    (item,) = parse_delivery(body, "application/json", attributes(prefix), limit=100_000)
    assert isinstance(item.outcome, Incoming)
    assert (item.outcome.source, item.outcome.id) == ("urn:sender", "7")
    assert orjson.loads(item.raw) == {**NAMES, "data": onprem_data()}


def test_data_cannot_pass_for_attributes() -> None:
    """A body that goes on after its data is no JSON, not another source."""
    found = read(b'{}, "source": "urn:other"', "application/json", attributes())
    assert isinstance(found, Malformed)
    assert (found.code, found.source, found.sender_id) == ("not_json", "urn:sender", "7")


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"", None, "not_json"),
        (b"\xff\x00", {"cloudEvents_id": b"\xff"}, "not_json"),
        (b"{}", {"cloudEvents_id": 7}, "not_an_event"),
        (b"[" * 100_001, attributes(), "too_large"),
        (b"[" * 100_001, None, "too_large"),
        (b"{}", attributes(type="other"), "unknown_type"),
    ],
)
def test_what_cannot_be_read(body: bytes, headers: dict[str, Any] | None, code: str) -> None:
    """Each fault has its code, and nothing raises."""
    found = read(body, "application/json", headers)
    assert isinstance(found, Malformed)
    assert found.code == code


def test_a_number_of_any_size_is_read() -> None:
    """A number beyond 64 bits is the sender's to explain; it must not end the listener."""
    body = orjson.dumps(onprem_data()).replace(b"{", b'{"costCentre":%d,' % 2**70, 1)
    found = read(body, "application/json", attributes())
    assert isinstance(found, Incoming)
    assert found.data["costCentre"] == 2**70
