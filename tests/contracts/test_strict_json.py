"""JSON without room for two readings."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.malformed import Malformed
from contracts.strict_json import DEEPEST, parse

LIMIT = 10_000
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


def fault(raw: bytes, limit: int = LIMIT) -> Malformed:
    """Give what is said of bytes that must not pass."""
    with pytest.raises(Malformed) as caught:
        parse(raw, limit)
    return caught.value


@given(VALUES, st.sampled_from([None, 2]))
def test_json_comes_back(value: object, indent: int | None) -> None:
    """Whatever JSON can say is read as it was written."""
    raw = json.dumps(value, ensure_ascii=False, indent=indent).encode()
    assert parse(raw, len(raw)) == value


@given(st.binary())
def test_no_bytes_raise_anything_else(raw: bytes) -> None:
    """Bytes are JSON, or Malformed says where they are not."""
    said: Malformed | None = None
    try:
        parse(raw, LIMIT)
    except Malformed as caught:
        said = caught
    assert said is None or (said.code == "not_json" and said.place.startswith("line "))


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (b"", "line 1, column 1", "is empty"),
        (b"{", "line 1, column 2", "ends in the middle"),
        (b'{"a":\n NaN}', "line 2, column 2", "not JSON"),
        (b'{"a": 1e999}', "line 1, column 7", "not JSON"),
        (b'{"a": 0230242323}', "line 1, column 7", "not JSON"),
        (b'"\xff"', "line 1, column 1", "UTF-8"),
        (b'"\\ud800"', "line 1, column 2", "half of a character"),
        (b'{"a": "b\\u0000"}', "line 1, column 9", "U+0000"),
        (b'{"a": 1,\n "a": 2}', "line 2, column 2", "second time"),
        (b'[{"b": {"x": ":", "\\u0078": 2}}]', "line 1, column 19", "second time"),
        (b"[1] x", "line 1, column 5", "not JSON"),
    ],
)
def test_what_has_two_readings_or_none(raw: bytes, place: str, words: str) -> None:
    """Each fault names its line and column."""
    said = fault(raw)
    assert (said.code, said.place) == ("not_json", place)
    assert words in said.message


def test_a_key_may_come_again_in_another_object() -> None:
    """Keys are unique within an object, not in the text; an escaped backslash is no escape."""
    raw = b'{"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}], "c": "\\\\u0000"}'
    assert parse(raw, LIMIT)["c"] == "\\u0000"


def test_nesting_is_bounded() -> None:
    """As deep as allowed passes, a level more is refused where it begins."""
    assert parse(b"[" * DEEPEST + b"]" * DEEPEST, LIMIT)
    said = fault(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))
    assert said.place == f"line 1, column {DEEPEST + 1}"
    assert fault(b"[" * 5_000).code == "not_json"


def test_many_brackets_side_by_side_are_not_deep() -> None:
    """Depth counts, not the number of brackets; brackets in text do not count."""
    assert len(parse(b"[" + b"[]," * 200 + b'"[[["]', LIMIT)) == 201


def test_size_is_limited() -> None:
    """A byte more than the limit is too large, whatever it holds."""
    assert parse(b"[1]", 3) == [1]
    assert fault(b"[12]", 3).code == "too_large"


def test_a_byte_order_mark_is_passed_over() -> None:
    """Editors put it there."""
    assert parse(b"\xef\xbb\xbf[1]", LIMIT) == [1]
