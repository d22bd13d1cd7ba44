"""What may be posted by HTTP: requests that were whole once, and what chance made of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.builders import onprem_data
from tests.driving import event
from tests.senders import DESK

ACCESS_ID, CONTRACT_ID = "0981234567", "0987654321"
"""Secrets that nothing may answer or log."""
KINDS = (
    "application/cloudevents+json", "application/cloudevents-batch+json", "application/json",
    "application/json; charset=utf-16", "text/plain", "", "/", "application/cloudevents+json,",
)  # fmt: skip
PIECES = (
    b"", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"{", b"}", b"[", b'"',
    b"null", b"1e999", b"NaN", b"-0", b"\xef\xbb\xbf", b'"id":"1",', b"[" * 300, b"\x1b$B",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1e308, 10**40, "", " ", "\x00", "\ud800", "x" * 5_000, [], {}, [[]], {"": 1},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One message, as it goes over the line."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def _data() -> dict[str, Any]:
    return onprem_data(access_id=ACCESS_ID, contract_id=CONTRACT_ID)


def _seeds() -> tuple[bytes, ...]:
    one = event(_data(), source=DESK)
    return one, b"[" + one + b"," + event(_data(), "2") + b"]", json.dumps(_data()).encode()


@st.composite
def _disturbed(draw: st.DrawFn) -> bytes:
    """Give an event with some of its values replaced or taken away."""
    found: dict[str, Any] = json.loads(event(_data(), source=DESK))
    for _ in range(draw(st.integers(1, 3))):
        holder = draw(st.sampled_from((found, found.get("data"))))
        if not isinstance(holder, dict) or not holder:
            continue
        name = draw(st.sampled_from(sorted(holder)))
        holder.pop(name)
        if draw(st.booleans()):
            holder[name] = draw(st.sampled_from(ODD))
    return json.dumps(found).encode()


@st.composite
def _mangled(draw: st.DrawFn) -> bytes:
    """Give bytes of a whole message that were cut, doubled, or mixed with others."""
    raw = draw(st.sampled_from(_seeds()))
    for _ in range(draw(st.integers(0, 3))):
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
        piece = draw(st.sampled_from((*PIECES, raw[first:last])))
        raw = raw[:first] + piece + raw[last:]
    return raw


_short = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))
_attributes = st.dictionaries(
    st.sampled_from(("ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "ce-x-y")),
    st.sampled_from(("1.0", "1", DESK, "toritsugi.request.v1", "%E4%B8%80", "%ff", "%", '"'))
    | _short,
)
_shown = st.fixed_dictionaries(
    {},
    optional={
        "Authorization": st.sampled_from(("Bearer KEY", "Bearer x", "Basic x", "Bearer")) | _short,
        "webhook-signature": st.sampled_from(("v1,AAAA", "v1", "v1a,x v1,y")) | _short,
        "webhook-timestamp": st.sampled_from(("0", "1790000000", "-1", "1e9", "9" * 400)) | _short,
        "webhook-sender": st.sampled_from(("desk", "erp")) | _short,
        "webhook-id": _short,
        "Idempotency-Key": st.sampled_from(("1", "7")) | _short,
        "Content-Encoding": st.sampled_from(("gzip", "identity")),
    },
)
_known = st.fixed_dictionaries(
    {"Authorization": st.just("Bearer KEY")}, optional={"Idempotency-Key": st.sampled_from("17")}
)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Give a message of any kind; `KEY` in its headers stands for a key that is known."""
    body = draw(_disturbed() | _mangled() | st.binary(max_size=200))
    kind = draw(st.sampled_from((*KINDS[:3] * 4, *KINDS)))
    more = draw(_attributes) if draw(st.integers(0, 4)) == 0 else {}
    shown = draw(_known if draw(st.integers(0, 3)) else _shown)
    return Message(body, {"Content-Type": kind, **shown, **more})
