from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select

from adapters.inbound.event import parse_event
from contracts.events import Event
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed
from ledger import outbox, quarantine
from ledger.tables import requests
from tests.builders import ACCESS_ID, CONTRACT_ID, onprem_data
from tests.driving import Driver, event
from workers.record import Receipt, record
from workers.sweep import sweep


def take(driver: Driver, *raws: bytes) -> list[Receipt]:
    """Record these messages as one batch."""
    limit = driver.app.limits.message_bytes
    batch: list[Parsed] = [item for raw in raws for item in parse_event(raw, limit=limit)]
    return record(driver.app, "stream", batch)


def raw_of(driver: Driver, number: str) -> bytes | None:
    """Give a quarantined message as it came."""
    return driver.app.store.read(lambda db: quarantine.raw(db, driver.app.vault, number))


def errors(driver: Driver) -> list[Event]:
    """Give the events that answer what could not be read."""
    return [one for one in driver.events() if one.type.endswith("unreadable.v1")]


def test_what_cannot_be_read_is_kept_and_its_neighbours_pass(driver: Driver) -> None:
    """No JSON, no id, a wrong severity, five megabytes: each is told apart, answered and kept."""
    nameless = json.loads(event(onprem_data()))
    del nameless["id"]
    bad = [
        b"{not json",
        json.dumps(nameless).encode(),
        event(onprem_data(severity="Z"), "z"),
        event(onprem_data(description="x" * 5_000_000), "5mb"),
    ]

    receipts = take(driver, event(onprem_data(), "before"), *bad, event(onprem_data(), "after"))

    assert [one.verdict for one in receipts] == ["new", *["unreadable"] * 4, "new"]
    codes = [one.fault.code for one in receipts if one.fault is not None]
    assert codes == ["not_json", "not_an_event", "invalid_data", "too_large"]
    kept = driver.app.store.read(quarantine.kept)
    assert len(kept) == 4
    for raw, receipt in zip(bad, receipts[1:5], strict=True):
        assert raw_of(driver, receipt.quarantine or "") == raw


def test_the_error_says_where_and_what_to_do(driver: Driver) -> None:
    """The sender learns the place and the allowed values, under its own number."""
    take(driver, event(onprem_data(severity="Z"), "my-7"))

    (answer,) = errors(driver)
    error = answer.data.model_dump()["error"]
    assert answer.correlationid == "my-7"
    assert error["place"] == "data.severity"
    assert all(f"'{allowed}'" in error["message"] for allowed in "ABC")


def test_a_repeat_is_answered_with_the_first_ones_events(driver: Driver) -> None:
    """A sender that saw no answer sends again and gets the same events once more."""
    first = driver.file(onprem_data())
    before = [one.id for one in driver.events()]
    letters = driver.app.store.read(lambda db: outbox.waiting(db, 100))
    driver.app.store.write(lambda db: outbox.mark(db, letters))

    again = driver.send(onprem_data())

    assert (again.verdict, again.state) == ("repeat", "submitted")
    assert again.request == first.line.id
    waiting = driver.app.store.read(lambda db: outbox.waiting(db, 100))
    assert [one.id for one in waiting] == before


def test_the_same_key_with_other_content_is_refused(driver: Driver) -> None:
    """Changed content under a used id is kept, answered with `id_reused`, and not filed."""
    first = driver.send(onprem_data())
    other = driver.send(onprem_data(title="another title"))
    driver.settle()

    assert other.verdict == "reused"
    assert other.fault is not None
    assert (other.fault.code, other.request) == ("id_reused", first.request)
    assert len(driver.tickets()) == 1
    assert errors(driver)[0].data.model_dump()["error"]["code"] == "id_reused"


def test_unknown_fields_are_kept_and_passed_through(driver: Driver) -> None:
    """What we do not know comes back with every event; what looks like a secret does not."""
    driver.file(onprem_data(costCentre="K-7", accessId="0230242323"))

    for one in driver.events():
        assert one.data.extra["costCentre"] == "K-7"
        assert "0230242323" not in json.dumps(one.data.model_dump(mode="json"))


def test_secrets_stand_nowhere(driver: Driver) -> None:
    """Ids given with a request reach neither events, rows, story nor any error."""
    data = onprem_data(access_id=ACCESS_ID, contract_id=CONTRACT_ID, contract=None)
    story = driver.file(data)

    rows = driver.app.store.read(lambda db: db.execute(select(requests)).all())
    shown = repr(story) + repr(rows) + repr(driver.events())
    assert story.line.state == "submitted"
    assert ACCESS_ID not in shown
    assert CONTRACT_ID not in shown


def test_what_cannot_be_stored_does_not_hold_up_its_neighbours(driver: Driver) -> None:
    """A value no database keeps is found alone, told and kept; the rest of its batch passes."""
    receipts = take(
        driver,
        event(onprem_data(), "before"),
        event(onprem_data(costCentre=2**70), "huge"),
        event(onprem_data(), "after"),
    )

    assert [one.verdict for one in receipts] == ["new", "unreadable", "new"]
    assert receipts[1].fault is not None
    assert (receipts[1].fault.code, receipts[1].fault.sender_id) == ("unstorable", "huge")


def test_a_key_that_cannot_be_stored_does_not_hold_up_its_neighbours(driver: Driver) -> None:
    """U+0000 in a refused message's key, which PostgreSQL does not keep, costs it the key alone."""
    fault = Malformed("not_an_event", Fault("id", "wrong"), source="urn:a\0b", sender_id="7")
    good = parse_event(event(onprem_data(), "good"))

    receipts = record(driver.app, "amqp", [Parsed(b"raw", fault), *good])

    assert [one.verdict for one in receipts] == ["unreadable", "new"]
    assert raw_of(driver, receipts[0].quarantine or "") == b"raw"


def test_a_flood_is_left_to_the_sweep(driver: Driver) -> None:
    """When the queue is long already, new requests are hinted in fair order, not at once."""
    limits = replace(driver.app.limits, hints_waiting=0)
    record(replace(driver.app, limits=limits), "test", parse_event(event(onprem_data())))

    assert driver.app.broker.depth("assess") == 0
    assert sweep(driver.app) == 1
