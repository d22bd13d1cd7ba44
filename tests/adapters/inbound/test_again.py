"""Messages that are read once more, by the way that they came."""

from __future__ import annotations

import json

import pytest

from adapters.inbound.again import Came, read_again
from adapters.inbound.files import read_file
from contracts.incoming import Incoming, Parsed
from contracts.malformed import Malformed
from tests.adapters.inbound.mails import mail
from tests.builders import onprem_data
from tests.driving import event

LIMIT = 1_048_576
DATA = json.dumps(onprem_data(), ensure_ascii=False).encode()


def read(came: Came, raw: bytes, name: str = "") -> Incoming:
    """Give the one request that is in the bytes."""
    (item,) = read_again(came, raw, LIMIT, name)
    assert isinstance(item.outcome, Incoming), item.outcome
    return item.outcome


@pytest.mark.parametrize("channel", ["stream", "amqp", "http", "file", "anything"])
def test_an_event_is_read_whatever_it_came_by(channel: str) -> None:
    """An event says itself who sent it."""
    found = read(Came(channel, "Q-1"), event(onprem_data(), "7"))
    assert (found.source, found.id) == ("urn:sender", "7")


def test_bare_data_that_was_posted_keeps_its_key() -> None:
    """The header with the sender's key is gone; what was read of it then still holds."""
    found = read(Came("http", "Q-1", "urn:toritsugi:http", "order-7"), DATA)
    assert (found.source, found.id) == ("urn:toritsugi:http", "order-7")


def test_what_completes_a_request_still_does() -> None:
    """A form that brought what was missing says of which request, also when it is read again."""
    raw = event({"severity": "A"}, "f-1", subject="TR-37SN0B7PXSDJ5KD3")
    assert read(Came("form", "Q-1"), raw).completes() == "TR-37SN0B7PXSDJ5KD3"


def test_bare_data_without_any_key_gets_one() -> None:
    """Its number in quarantine is the same each time."""
    assert read(Came("http", "Q-1"), DATA).id == "Q-1"


def test_a_batch_that_was_posted_is_a_batch_again() -> None:
    """Every event of it is read."""
    raw = b"[" + event(onprem_data(), "1") + b"," + event(onprem_data(), "2") + b"]"
    found = read_again(Came("http", "Q-1"), raw, LIMIT)
    assert [one.outcome.id for one in found if isinstance(one.outcome, Incoming)] == ["1", "2"]


@pytest.mark.parametrize("name", ["a.json", "b.jsonl", "c.csv"])
def test_what_a_file_held_is_read_as_that_file(name: str) -> None:
    """The same content has the same key as if the whole file were submitted again."""
    fields = {"partner": "1", "agent": "a@b.example", "title": "t", "description": "d"}
    sheet = f"{','.join(fields)}\n{','.join(fields.values())}\n".encode()
    raw = sheet if name.endswith(".csv") else json.dumps(fields).encode()
    (first,) = read_file(name, raw)
    assert isinstance(first.outcome, Incoming)

    again = read(Came("file", "Q-1", first.outcome.source, first.outcome.id), first.raw)

    assert (again.source, again.id) == (first.outcome.source, first.outcome.id)


@pytest.mark.parametrize(
    ("raw", "name"),
    [(DATA, ""), (b"title,severity\nx,A\n", ""), (mail(b"x"), ""), (DATA, "m.json")],
)
def test_a_file_of_which_nothing_is_known_is_told_by_its_looks(raw: bytes, name: str) -> None:
    """JSON, a table and a mail are told apart; a name says more than looks."""
    assert read(Came("file", "Q-1"), raw, name).id


def test_a_mail_is_read_as_a_mail() -> None:
    """By whatever door: its sender is its source."""
    assert read(Came("mail", "Q-1"), mail(b"x")).source == "mailto:sato@contoso.example"


@pytest.mark.parametrize("channel", ["stream", "http", "file", "mail"])
@pytest.mark.parametrize("raw", [b"", b"\xff\x00", b"[", b"{}", b"[]", b"[[]]", b"null", b"x:y"])
def test_nothing_raises(channel: str, raw: bytes) -> None:
    """Whatever it is, it is read or its fault is told."""
    for one in read_again(Came(channel, "Q-1"), raw, LIMIT):
        assert isinstance(one, Parsed)
        assert isinstance(one.outcome, Incoming | Malformed)
