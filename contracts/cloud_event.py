"""CloudEvents 1.0 in structured JSON mode, on the SDK: strict reading, checked attributes.

Knows nothing of support requests. Never fills in an attribute that the sender left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.exceptions import (
    BaseCloudEventException,
    CloudEventValidationError,
    CustomExtensionAttributeError,
    InvalidAttributeTypeError,
)
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from typing_extensions import override

from contracts.malformed import Fault, Malformed
from contracts.rfc3339 import parse_time

REQUIRED = ("specversion", "id", "source", "type")
LONGEST_KEY = 512
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class CompactJSON(JSONFormat):
    """The SDK's JSON format, written as compact UTF-8."""

    @override
    def write(self, event: BaseCloudEvent) -> bytes:
        return orjson.dumps({**event.get_attributes(), "data": event.get_data()}, option=_OPTIONS)


_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def read_event(envelope: object) -> CloudEvent:
    """Take the value of a JSON document; raise Malformed `not_an_event`."""
    if not isinstance(envelope, dict):
        raise Malformed("not_an_event", Fault("", "must be a JSON object; send a CloudEvent"))
    key = sender_key(envelope)
    # A null attribute is one not given (JSON format, 2.2).
    attributes = {k: part for k, part in envelope.items() if k != "data" and part is not None}
    faults = [*_missing(attributes), *_unfit(attributes), *_time(attributes)]
    if faults:
        raise Malformed("not_an_event", faults, **key)
    has_time = "time" in attributes
    try:
        event = CloudEvent(attributes, envelope.get("data"))
    except CloudEventValidationError as error:
        raise Malformed("not_an_event", _refused(error.errors), **key) from None
    if not has_time:
        # The SDK fills in the clock's time; nobody sent it.
        event.get_attributes().pop("time", None)
    return event


def sender_key(envelope: Mapping[str, Any]) -> dict[str, str]:
    """`source` and `sender_id` as far as they can be read."""
    found = {"source": envelope.get("source"), "sender_id": envelope.get("id")}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def traceparent_of(event: CloudEvent) -> str | None:
    """Give None for what is no W3C trace context: a broken trace is no reason to refuse."""
    value = event.get_extension("traceparent")
    return value if isinstance(value, str) and _TRACEPARENT.fullmatch(value) else None


def _missing(attributes: Mapping[str, Any]) -> list[Fault]:
    return [
        Fault(name, "is missing; CloudEvents 1.0 requires it")
        for name in REQUIRED
        if attributes.get(name) in (None, "")
    ]


def _unfit(attributes: Mapping[str, Any]) -> list[Fault]:
    faults = []
    for name in ("id", "source"):
        text = attributes.get(name)
        if isinstance(text, str) and len(text.encode()) > LONGEST_KEY:
            faults.append(Fault(name, f"has more than {LONGEST_KEY} bytes; shorten it"))
    for name, text in attributes.items():
        if isinstance(text, str) and _CONTROL.search(text):
            faults.append(Fault(name, "holds a control character; remove it"))
    return faults


def _time(attributes: dict[str, Any]) -> list[Fault]:
    """Replace the time's text, so that the SDK sees the moment."""
    text = attributes.get("time")
    if text is None:
        return []
    if not isinstance(text, str):
        return [Fault("time", "must be text; put it in quotes")]
    try:
        attributes["time"] = parse_time(text)
    except ValueError as fault:
        return [Fault("time", str(fault))]
    return []


def _refused(errors: Mapping[str, list[BaseCloudEventException]]) -> list[Fault]:
    return [Fault(name, _words(name, found)) for name, found in errors.items()]


def _words(name: str, found: list[BaseCloudEventException]) -> str:
    if name == "specversion":
        return "must be 1.0, in quotes"
    if any(isinstance(error, InvalidAttributeTypeError) for error in found):
        return "must be text; put it in quotes"
    if any(isinstance(error, CustomExtensionAttributeError) for error in found):
        return "is no name for an attribute (small letters and digits); move it into data"
    return "must not be empty"
