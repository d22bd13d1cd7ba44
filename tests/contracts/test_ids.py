"""Numbers that are derived from the sender's key."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contracts.ids import content_hash, is_request_id, request_id

KEYS = st.text(min_size=1)


def test_a_number_never_changes() -> None:
    """The number of a key is fixed for ever: a restored backup must find it again."""
    assert request_id("urn:contoso:itsm", "order-1") == "TR-1TR27T05QRF2A4HV"


@given(KEYS, KEYS)
def test_numbers_have_their_shape(source: str, sender_id: str) -> None:
    """Every key gets a number of the one shape, the same one each time."""
    number = request_id(source, sender_id)
    assert is_request_id(number)
    assert number == request_id(source, sender_id)


def test_source_and_id_are_kept_apart() -> None:
    """Moving a character from id to source makes another number."""
    assert request_id("a", "bc") != request_id("ab", "c")


def test_other_shapes_are_no_request_numbers() -> None:
    """Letters that can be misread, lower case and other lengths are refused."""
    for text in ("TR-", "TR-1TR27T05QRF2A4HI", "tr-1tr27t05qrf2a4hv", "TR-1TR27T05QRF2A4HV3\n"):
        assert not is_request_id(text)


def test_hash_is_blind_to_order_alone() -> None:
    """The order of keys does not count; types and values do."""
    assert content_hash({"a": 1, "b": [1, 2]}) == content_hash({"b": [1, 2], "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": "1"})
    assert content_hash({"a": [1, 2]}) != content_hash({"a": [2, 1]})
