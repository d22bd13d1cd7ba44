"""Files by their suffix, and JSON in its three shapes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.inbound.event import parse_event
from adapters.inbound.files import FORMATS, read_file
from contracts.incoming import Incoming
from contracts.malformed import Malformed
from tests.contracts.cast import envelope, full_data, written


def keys(name: str, raw: bytes) -> list[tuple[str, str]]:
    """Give the keys of a file whose items must all pass."""
    outcomes = [parsed.outcome for parsed in read_file(name, raw)]
    assert all(isinstance(outcome, Incoming) for outcome in outcomes), outcomes
    return [(outcome.source, outcome.id) for outcome in outcomes if isinstance(outcome, Incoming)]


def test_an_unknown_suffix_lists_the_known() -> None:
    """What is no format of ours is said so, with the formats there are."""
    for name in ("a.xlsx", "a", "a.json.bak"):
        with pytest.raises(Malformed, match=r"\.json, \.jsonl, \.csv, \.eml") as caught:
            read_file(name, b"")
        assert caught.value.code == "unknown_format"


def test_suffix_in_any_case() -> None:
    """A path and capital letters do not matter."""
    assert keys("/tmp/x/A.JSON", written(envelope())) == [("urn:contoso:itsm", "order-1")]  # noqa: S108 (a name, no file)


def test_bare_data_is_known_by_its_content() -> None:
    """The same data has the same number wherever the file lies, whatever the order of keys."""
    data = full_data()
    turned = dict(reversed(data.items()))
    first = keys("orders/注文 1.json", written(data))
    assert first == keys("注文 1.json", written(turned))
    assert first[0][0] == "file:%E6%B3%A8%E6%96%87%201.json"
    assert first != keys("注文 1.json", written(full_data(title="x")))


def test_a_list_of_both() -> None:
    """Events and bare data may stand in one list, each judged by itself."""
    raw = written([envelope(), full_data(), full_data(severity="Z"), {"specversion": "1.0"}, 5])
    event, bare, wrong, no_event, number = read_file("a.json", raw)
    assert isinstance(event.outcome, Incoming)
    assert isinstance(bare.outcome, Incoming)
    assert [
        item.outcome.place
        for item in (wrong, no_event, number)
        if isinstance(item.outcome, Malformed)
    ] == ["[2].data.severity", "[3].id", "[4]"]
    assert json.loads(bare.raw) == full_data()


def test_an_event_that_lacks_an_attribute_is_not_bare_data() -> None:
    """A forgotten specversion is a fault, not a request without a title."""
    event = envelope()
    del event["specversion"]
    (parsed,) = read_file("a.json", written(event))
    assert isinstance(parsed.outcome, Malformed)
    assert (parsed.outcome.code, parsed.outcome.place) == ("not_an_event", "specversion")


def test_one_request_has_its_own_limit() -> None:
    """A file may be long; a single request of five megabytes is too large."""
    raw = written([envelope(), full_data(description="x" * 5_000_000)])
    good, large = read_file("a.json", raw)
    assert isinstance(good.outcome, Incoming)
    assert isinstance(large.outcome, Malformed)
    assert (large.outcome.code, large.outcome.place) == ("too_large", "[1]")


def test_json_lines() -> None:
    """Each line by itself; blank lines count as lines, not as requests."""
    raw = b"\r\n".join(
        [written(envelope()), b"", written(full_data()), b'{"a" 1}', written({"severity": "Z"})]
    )
    event, bare, broken, wrong = read_file("a.jsonl", raw)
    assert isinstance(event.outcome, Incoming)
    assert isinstance(bare.outcome, Incoming)
    assert isinstance(broken.outcome, Malformed)
    assert isinstance(wrong.outcome, Malformed)
    assert broken.outcome.place == "line 4, column 6"
    assert wrong.outcome.place == "line 5, data.severity"
    assert bare.raw == written(full_data())


def test_an_event_from_the_stream() -> None:
    """One event is one item, read or not."""
    (good,) = parse_event(written(envelope()))
    (bad,) = parse_event(b"no JSON")
    assert isinstance(good.outcome, Incoming)
    assert isinstance(bad.outcome, Malformed)
    assert bad.raw == b"no JSON"


@pytest.mark.parametrize("suffix", FORMATS)
@given(raw=st.binary(max_size=200))
def test_no_bytes_raise(suffix: str, raw: bytes) -> None:
    """Whatever is in a file, each item has an outcome."""
    for parsed in read_file(f"a{suffix}", raw):
        assert isinstance(parsed.outcome, Incoming | Malformed)
