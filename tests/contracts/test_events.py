"""The events we publish."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from contracts import event_data as data
from contracts.event_parts import ErrorNews, PlanNews, Reason, TicketNews, UnreadableNews, Words
from contracts.events import EVENTS, Event, decode_event, encode, event_data_of
from contracts.malformed import Malformed

NUMBER = "TR-37SN0B7PXSDJ5KD3"
MOMENT = datetime(2026, 11, 22, 6, 15, tzinfo=UTC)
REASON = Reason(
    rule="A-3",
    code="missing",
    outcome="incomplete",
    field="access_id",
    message=Words(ja="アクセス ID がありません", en="There is no Access ID"),
    remedy=Words(ja="入力してください", en="Supply it"),
    section="Azure 2",
)
OF_REQUEST: dict[str, Any] = {"request": NUMBER, "partner": "4612345"}
POSTED: dict[str, Any] = {"contract": "gold-2026", "amount": 1, "balance": 19, "entry": "e-1"}
EXAMPLES: list[data.EventData] = [
    data.Accepted(**OF_REQUEST, state="received", extra={"project": "x"}),
    data.Incomplete(**OF_REQUEST, state="incomplete", reasons=(REASON,), notices=("n",)),
    data.Held(**OF_REQUEST, state="held", reasons=(REASON,)),
    data.Rejected(**OF_REQUEST, state="rejected", reasons=()),
    data.Submitted(
        **OF_REQUEST,
        state="submitted",
        ticket=TicketNews(system="azure", number="120", severity="B", first_response_due=MOMENT),
        plan=PlanNews(kind="gold_20", contract="gold-2026"),
        entry="azure_portal",
    ),
    data.HandedOver(**OF_REQUEST, state="handed_over", work_order="w-1", due=MOMENT),
    data.Failed(**OF_REQUEST, state="failed", error=ErrorNews(code="x", message="no"), attempts=3),
    data.Uncertain(**OF_REQUEST, state="uncertain", error=ErrorNews(code="x", message="lost")),
    data.Cancelled(**OF_REQUEST, state="cancelled", why="filed by phone"),
    data.Closed(**OF_REQUEST, state="closed", billable=False),
    data.Deducted(**OF_REQUEST, state="submitted", **POSTED),
    data.Refunded(**OF_REQUEST, state="closed", **POSTED),
    data.Low(partner="4612345", contract="gold-2026", balance=2),
    data.Expiring(partner="4612345", contract="gold-2026", expires_on=date(2027, 3, 31)),
    data.Unreadable(
        quarantine="q-1", error=UnreadableNews(code="not_json", message="x", place="line 1")
    ),
    data.WebhookTested(webhook="crm"),
]


def event(what: data.EventData, **changes: Any) -> Event:
    """Give an event with all its attributes."""
    attributes: dict[str, Any] = {
        "id": "0198c1",
        "source": "https://toritsugi.example/",
        "time": MOMENT,
        "subject": NUMBER,
        "sequence": 1,
        "correlationid": "注文-1",
        "causesource": "urn:contoso:itsm",
        "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    }
    return Event(**{**attributes, **changes}, data=what)


def test_every_type_has_an_example() -> None:
    """The list below the tests is the list of the table."""
    assert [type(example) for example in EXAMPLES] == list(EVENTS.values())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_an_event_comes_back(example: data.EventData) -> None:
    """Bytes and back give the same event, which the SDK reads too."""
    raw = encode(event(example))
    assert decode_event(raw) == event(example)
    read = JSONFormat().read(CloudEvent, raw)
    assert (read.get_type(), read.get_subject()) == (example.TYPE, NUMBER)
    assert read.get_time() == MOMENT


def test_attributes_are_written_as_promised() -> None:
    """The sequence is a number, the sender's key is there, extra only if there is some."""
    with_extra = json.loads(encode(event(EXAMPLES[0])))
    assert with_extra["type"] == "toritsugi.request.accepted.v1"
    assert with_extra["sequence"] == 1
    assert with_extra["time"] == "2026-11-22T06:15:00Z"
    assert with_extra["datacontenttype"] == "application/json"
    assert with_extra["data"] == {**OF_REQUEST, "state": "received", "extra": {"project": "x"}}
    assert "extra" not in json.loads(encode(event(EXAMPLES[2])))["data"]


def test_attributes_not_given_are_left_out() -> None:
    """An event of a contract has no request to be a part of."""
    found = json.loads(encode(Event("1", "urn:x", MOMENT, EXAMPLES[11])))
    assert set(found) == {"specversion", "id", "source", "type", "time", "datacontenttype", "data"}


def test_a_reason_without_field_has_none() -> None:
    """`field` is there only where one is to be supplied."""
    reason = REASON.model_copy(update={"field": None})
    assert "field" not in reason.model_dump()
    assert REASON.model_dump()["field"] == "access_id"


def test_no_secret_goes_out() -> None:
    """What a portal or a sender wrote is masked once more."""
    failed = data.Failed(
        **OF_REQUEST,
        state="failed",
        error=ErrorNews(code="x", message="access id 0230242323 refused"),
        attempts=1,
        extra={"contract_id": "0012345678"},
    )
    raw = encode(event(failed))
    assert b"0230242323" not in raw
    assert b"0012345678" not in raw


def test_what_a_newer_version_adds_is_passed_over() -> None:
    """Processes of two versions run side by side during an update."""
    raw = json.loads(encode(event(EXAMPLES[0])))
    raw["data"]["added"] = 1
    assert decode_event(json.dumps(raw).encode()).data == EXAMPLES[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "toritsugi.other.v1"}, "unknown_type"),
        ({"data": {}}, "invalid_data"),
        ({"data": []}, "invalid_data"),
        ({"time": None}, "not_an_event"),
        ({"id": ""}, "not_an_event"),
    ],
)
def test_other_events_are_not_ours(change: dict[str, Any], code: str) -> None:
    """What is none of our events is refused by name."""
    raw = {**json.loads(encode(event(EXAMPLES[0]))), **change}
    with pytest.raises(Malformed) as caught:
        decode_event(json.dumps(raw).encode())
    assert caught.value.code == code


def test_data_is_rebuilt_from_a_row() -> None:
    """An outbox row of type and JSON gives the data again."""
    stored = json.loads(json.dumps(EXAMPLES[4].model_dump(mode="json")))
    assert event_data_of(EXAMPLES[4].TYPE, stored) == EXAMPLES[4]
