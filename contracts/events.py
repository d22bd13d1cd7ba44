"""The events we publish: the table of their types, and the way to bytes and back.

Never makes an id or reads a clock: both come from the row that is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError

from contracts import event_data
from contracts.cloud_event import CompactJSON, read_event, traceparent_of
from contracts.event_data import EventData
from contracts.faults import faults_of
from contracts.malformed import Fault, Malformed
from contracts.strict_json import parse

EVENTS: MappingProxyType[str, type[EventData]] = MappingProxyType(
    {
        model.TYPE: model
        for model in (
            event_data.Accepted,
            event_data.Incomplete,
            event_data.Held,
            event_data.Rejected,
            event_data.Submitted,
            event_data.HandedOver,
            event_data.Failed,
            event_data.Uncertain,
            event_data.Cancelled,
            event_data.Closed,
            event_data.Deducted,
            event_data.Refunded,
            event_data.Low,
            event_data.Expiring,
            event_data.Unreadable,
            event_data.WebhookTested,
        )
    }
)
_LARGEST = 8 * 1_048_576
_FORMAT = CompactJSON()


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `id` stable over redelivery, `sequence` 1, 2, 3 … within the request."""

    id: str
    source: str
    time: datetime
    data: EventData
    subject: str | None = None
    sequence: int | None = None
    correlationid: str | None = None
    causesource: str | None = None
    traceparent: str | None = None

    @property
    def type(self) -> str:
        return self.data.TYPE


def event_data_of(event_type: str, data: dict[str, Any]) -> EventData:
    """Raise Malformed `unknown_type` or `invalid_data`."""
    model = EVENTS.get(event_type)
    if model is None:
        raise Malformed("unknown_type", Fault("type", "is none of our events' types"))
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Malformed("invalid_data", faults_of(error, "data")) from None


def encode(event: Event) -> bytes:
    """CloudEvents 1.0 in structured JSON mode."""
    attributes = {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time,
        "datacontenttype": "application/json",
        "sequence": event.sequence,
        "correlationid": event.correlationid,
        "causesource": event.causesource,
        "traceparent": event.traceparent,
    }
    given = {name: value for name, value in attributes.items() if value is not None}
    return _FORMAT.write(CloudEvent(given, event.data.model_dump(mode="json")))


def decode_event(raw: bytes) -> Event:
    """Raise Malformed."""
    event = read_event(parse(raw, _LARGEST))
    data, time = event.get_data(), event.get_time()
    if not isinstance(data, dict):
        raise Malformed("invalid_data", Fault("data", "must be an object"))
    if time is None:
        raise Malformed("not_an_event", Fault("time", "is missing; our events have one"))
    return Event(
        id=event.get_id(),
        source=event.get_source(),
        time=time,
        data=event_data_of(event.get_type(), data),
        subject=event.get_subject(),
        sequence=event.get_extension("sequence"),
        correlationid=event.get_extension("correlationid"),
        causesource=event.get_extension("causesource"),
        traceparent=traceparent_of(event),
    )
