"""Bytes to support requests: what passes, what is refused and in which words."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.codec import MOST_EVENTS, bare, decode, decode_batch, parse_batch
from contracts.ids import content_hash, request_id
from contracts.incoming import Incoming
from contracts.malformed import Malformed
from tests.contracts.cast import ACCESS_ID, CONTRACT_ID, envelope, full_data, written


def refused(raw: bytes, limit: int = 1_048_576) -> Malformed:
    """Give what is said of a message that must not pass."""
    with pytest.raises(Malformed) as caught:
        decode(raw, limit=limit)
    return caught.value


def test_an_event_is_read() -> None:
    """Key, attributes, request and the data as sent."""
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    incoming = decode(written(envelope(subject="INC-7", traceparent=trace)))
    assert (incoming.source, incoming.id) == ("urn:contoso:itsm", "order-1")
    assert (incoming.subject, incoming.traceparent) == ("INC-7", trace)
    assert incoming.time == datetime(2026, 11, 22, tzinfo=UTC)
    assert incoming.data == full_data()
    assert incoming.request.title == "メールが届かない"
    assert incoming.request_id() == request_id("urn:contoso:itsm", "order-1")
    assert incoming.content_hash() == content_hash(full_data())


def test_what_is_printed_shows_no_content() -> None:
    """An incoming message may be logged by mistake; it shows its key alone."""
    shown = repr(decode(written(envelope())))
    assert ACCESS_ID not in shown
    assert "order-1" in shown


def test_attributes_left_out_stay_out() -> None:
    """No time is made up, and a null attribute is one left out."""
    incoming = decode(written(envelope(time=None, subject=None)))
    assert (incoming.time, incoming.subject) == (None, None)


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type"])
@pytest.mark.parametrize("how", ["left out", "null", "blank"])
def test_required_attributes_are_named(name: str, how: str) -> None:
    """A missing attribute is named; the key is given as far as it is there."""
    event = envelope(**{name: None if how == "null" else ""})
    if how == "left out":
        del event[name]
    said = refused(written(event))
    assert (said.code, said.place) == ("not_an_event", name)
    assert said.source == (None if name == "source" and how != "blank" else event.get("source"))


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"id": 12}, "id", "quotes"),
        ({"id": "x" * 513}, "id", "512"),
        ({"source": "a\nb"}, "source", "control character"),
        ({"specversion": "0.3"}, "specversion", "1.0"),
        ({"time": "2026-11-22T00:00:00"}, "time", "time zone"),
        ({"time": 12}, "time", "quotes"),
        ({"subject": 1}, "subject", "quotes"),
        ({"Trace-Id": "x"}, "Trace-Id", "attribute"),
    ],
)
def test_unfit_attributes(changes: dict[str, Any], place: str, words: str) -> None:
    """An attribute of the wrong shape is refused with what to do."""
    said = refused(written(envelope(**changes)))
    assert (said.code, said.place) == ("not_an_event", place)
    assert words in said.message


@pytest.mark.parametrize("value", [5, "text", None, [envelope()]])
def test_what_is_no_object_is_no_event(value: object) -> None:
    """JSON that is no object is no event."""
    assert refused(written(value)).code == "not_an_event"


def test_an_unknown_type_is_refused() -> None:
    """Only requests come in; the message says which type to send."""
    said = refused(written(envelope(type="toritsugi.request.v2")))
    assert (said.code, said.place, said.sender_id) == ("unknown_type", "type", "order-1")
    assert "toritsugi.request.v1" in said.message


@pytest.mark.parametrize("data", [None, "{}", [], 5])
def test_data_is_an_object(data: object) -> None:
    """A JSON text of JSON is not looked into."""
    said = refused(written(envelope(data=data)))
    assert (said.code, said.place) == ("invalid_data", "data")


def test_an_unknown_choice_lists_the_known() -> None:
    """A wrong severity is told the place and the three letters."""
    said = refused(written(envelope(data=full_data(severity="Z"))))
    assert (said.code, said.place) == ("invalid_data", "data.severity")
    assert said.message == "data.severity: must be one of 'A', 'B' or 'C'"
    assert (said.source, said.sender_id) == ("urn:contoso:itsm", "order-1")


def test_all_faults_are_listed() -> None:
    """The sender corrects once, not once for each fault; places reach into parts and lists."""
    data = full_data(
        partner=4612345,
        contact={"cc": ["a@b.example", "nobody"]},
        attachments=[{"name": 1}],
        started_at="2026-11-22T09:00:00",
    )
    said = refused(written(envelope(data=data)))
    assert [fault.place for fault in said.faults] == [
        "data.partner",
        "data.started_at",
        "data.contact.cc[1]",
        "data.attachments[0].name",
    ]


@pytest.mark.parametrize("name", ["access_id", "contract_id"])
def test_secrets_stay_out_of_faults(name: str) -> None:
    """Neither the words nor the traceback of a refusal hold an id."""
    said = refused(written(envelope(data=full_data(**{name: 230242323}, severity=ACCESS_ID))))
    shown = "".join(traceback.format_exception(said))
    assert "230242323" not in shown
    assert CONTRACT_ID not in shown
    assert "zeros" in said.message


def test_size_is_the_callers_limit() -> None:
    """Five megabytes are refused before they are looked at."""
    assert refused(b" " * 5_000_000).code == "too_large"
    assert refused(written(envelope()), limit=100).code == "too_large"


def test_a_broken_trace_is_dropped() -> None:
    """A trace that is no trace is no reason to refuse a request."""
    assert decode(written(envelope(traceparent="x"))).traceparent is None


def test_neighbours_in_a_batch_pass() -> None:
    """Each event of a batch is judged by itself, and kept by itself."""
    batch = [envelope(), envelope(id="order-2", data=full_data(severity="Z")), 5]
    first, second, third = parse_batch(written(batch))
    assert isinstance(first.outcome, Incoming)
    assert isinstance(second.outcome, Malformed)
    assert (second.outcome.place, second.outcome.sender_id) == ("[1].data.severity", "order-2")
    assert isinstance(third.outcome, Malformed)
    assert third.outcome.place == "[2]"
    assert decode(first.raw) == first.outcome
    with pytest.raises(Malformed, match=r"^data\.severity"):
        decode(second.raw)


def test_a_batch_has_an_end() -> None:
    """A flood of items is one fault: each would be stored, while everybody else waits."""
    flood = b"[" + b",".join([b"0"] * (MOST_EVENTS + 1)) + b"]"
    (said,) = decode_batch(flood)
    assert isinstance(said, Malformed)
    assert said.code == "too_large"
    assert len(decode_batch(flood.replace(b"0,", b"", 1))) == MOST_EVENTS


@pytest.mark.parametrize("raw", [b"[", written(envelope())])
def test_what_is_no_batch(raw: bytes) -> None:
    """A batch that is no list, or no JSON, is one fault."""
    (said,) = decode_batch(raw)
    assert isinstance(said, Malformed)


def test_bare_data_takes_the_key_it_is_given() -> None:
    """An HTTP body of data alone has its key in a header, also when it is refused."""
    incoming = bare(written(full_data()), "https://contoso.example/", "key-1")
    assert (incoming.source, incoming.id) == ("https://contoso.example/", "key-1")
    for raw in (b"{", written({"severity": "Z"}), b"[]"):
        with pytest.raises(Malformed) as caught:
            bare(raw, "urn:x", "key-1")
        assert (caught.value.source, caught.value.sender_id) == ("urn:x", "key-1")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from([*full_data(), "extra", "other"]), JSON)
def test_no_data_raises_anything_else(field: str, value: object) -> None:
    """Whatever stands in a field, the outcome is a request or a fault with a place."""
    (outcome,) = decode_batch(written([envelope(data=full_data(**{field: value}))]))
    if isinstance(outcome, Malformed):
        assert outcome.code in {"invalid_data", "not_json"}
        assert outcome.place
    else:
        stored = {**outcome.request.public(), **outcome.request.secrets()}
        assert type(outcome.request).model_validate(stored) == outcome.request
