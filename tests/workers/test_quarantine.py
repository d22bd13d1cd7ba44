"""A message in quarantine is fed in again on a person's word, or dropped."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from adapters.inbound.event import parse_event
from contracts.incoming import Parsed
from contracts.malformed import Fault, Malformed
from ledger import quarantine, views
from ledger.quarantine import Kept
from tests.builders import ACCESS_ID, onprem_data
from tests.driving import Driver, event
from workers.quarantine import NotEnded, Repaired, drop, release
from workers.record import record
from workers.settle import Word

WORD = Word("sato", "comma put right")
GOOD = event(onprem_data(), "7")
BAD = GOOD.replace(b'"title": ', b'"title" ')


class Died(BaseException):
    """The process ended here."""


def kept_as(driver: Driver, raw: bytes, channel: str = "stream") -> str:
    """Have a message kept; give its number in quarantine."""
    (receipt,) = record(driver.app, channel, parse_event(raw))
    assert receipt.quarantine is not None
    return receipt.quarantine


def refused(driver: Driver) -> str:
    """Have a message kept that can be read, and whose sender was not believed."""
    fault = Malformed("invalid_data", Fault("source", "is not yours"))
    (receipt,) = record(driver.app, "stream", [Parsed(GOOD, fault)])
    return receipt.quarantine or ""


def look(driver: Driver, which: str) -> Kept:
    """Give the message's line."""
    found = driver.app.store.read(lambda db: quarantine.one(db, which))
    assert found is not None
    return found


def requests_of(driver: Driver) -> list[views.Line]:
    """Give every request."""
    return driver.app.store.read(lambda db: views.listing(db, views.Filter(), most=100))


def test_a_repaired_message_becomes_the_request_it_should_have_been(driver: Driver) -> None:
    """It is filed under its sender's key; what came and what was fed in are both kept."""
    which = kept_as(driver, BAD)

    found = release(driver.app, which, WORD, Repaired(GOOD, "m.json"))
    driver.settle()

    story = driver.story(found.request)
    assert (story.line.state, story.line.sender_id) == ("submitted", "7")
    line = look(driver, which)
    assert (line.outcome, line.request, line.who, line.why) == (
        "released", found.request, "sato", "comma put right",
    )  # fmt: skip
    assert driver.app.store.read(lambda db: quarantine.raw(db, driver.app.vault, which)) == BAD
    assert driver.send(onprem_data(), "7").verdict == "repeat"


def test_a_message_is_released_as_it_came_on_a_persons_word(driver: Driver) -> None:
    """Whose sender was not believed is, now that somebody says so."""
    which = refused(driver)

    found = release(driver.app, which, WORD)

    assert (found.before, found.request) == (False, look(driver, which).request)
    assert driver.types()[-1] == "request.accepted"


def test_what_is_still_unreadable_stays(driver: Driver) -> None:
    """The faults are told, nothing is written down, and nothing new is in quarantine."""
    which = kept_as(driver, BAD)
    before = look(driver, which)

    with pytest.raises(NotEnded, match="not_json") as first:
        release(driver.app, which, WORD)
    mended = event(onprem_data(severity="Z"), "7")
    with pytest.raises(NotEnded, match="invalid_data") as second:
        release(driver.app, which, WORD, Repaired(mended, "m.json"))

    assert first.value.faults[0].place.startswith("line 1, column")
    assert second.value.faults[0].place == "data.severity"
    assert look(driver, which) == before
    assert len(driver.app.store.read(quarantine.kept)) == 1
    assert requests_of(driver) == []


def test_what_the_door_refuses_stays(driver: Driver) -> None:
    """A used number is still used, and nothing that no database keeps is let in."""
    driver.send(onprem_data(title="another"), "7")
    which = kept_as(driver, GOOD)

    with pytest.raises(NotEnded, match="id_reused"):
        release(driver.app, which, WORD)
    with pytest.raises(NotEnded, match="unstorable"):
        release(driver.app, which, WORD, Repaired(event(onprem_data(costCentre=2**70), "8")))

    assert look(driver, which).outcome is None
    assert len(driver.app.store.read(quarantine.kept)) == 1
    assert release(driver.app, which, WORD, Repaired(event(onprem_data(), "8"))).request


def test_a_second_release_tells_of_the_first(driver: Driver) -> None:
    """Even with other bytes there is one request, and the first word stands."""
    which = kept_as(driver, BAD)
    first = release(driver.app, which, WORD, Repaired(GOOD))

    again = release(driver.app, which, Word("suzuki", "x"), Repaired(event(onprem_data(), "8")))

    assert (again.request, again.before) == (first.request, True)
    assert len(requests_of(driver)) == 1
    assert look(driver, which).who == "sato"


@pytest.mark.parametrize("place", ["record.written", "record.stored", "record.hinted"])
def test_a_crash_and_a_second_release_make_one_request(driver: Driver, place: str) -> None:
    """Wherever the first one dies, the second makes it good, even with another repair."""
    which = kept_as(driver, BAD)

    def reach(name: str, _request: str = "") -> None:
        if name == place:
            raise Died

    with pytest.raises(Died):
        release(replace(driver.app, reach=reach), which, WORD, Repaired(GOOD))
    found = release(driver.app, which, WORD, Repaired(event(onprem_data(title="x"), "8")))
    driver.settle()

    assert [one.id for one in requests_of(driver)] == [found.request]
    assert look(driver, which).request == found.request
    assert len(driver.tickets()) == 1


def test_two_who_release_at_once_make_one_request(driver: Driver) -> None:
    """Each with a repair of its own: one of them is told of the other's."""
    which = kept_as(driver, BAD)
    together = threading.Barrier(2)

    def go(sender_id: str) -> bool:
        together.wait(10)
        return release(driver.app, which, WORD, Repaired(event(onprem_data(), sender_id))).before

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(go, ["8", "9"])) == [False, True]
    assert len(requests_of(driver)) == 1


def test_masked_secrets_are_not_fed_in(driver: Driver) -> None:
    """A file of the masked message would file a request with asterisks as its Access ID."""
    raw = event(onprem_data(access_id=ACCESS_ID, severity="Z"), "7")
    which = kept_as(driver, raw)
    mended = raw.replace(b'"Z"', b'"A"').replace(ACCESS_ID.encode(), b"***")

    with pytest.raises(NotEnded, match="--raw --secrets"):
        release(driver.app, which, WORD, Repaired(mended, "m.json"))


def test_a_dropped_message_is_kept(driver: Driver) -> None:
    """It stays with who and why, is not released any more, and can be dropped again."""
    which = kept_as(driver, BAD)

    drop(driver.app, which, WORD)
    drop(driver.app, which, Word("suzuki", "again"))

    line = look(driver, which)
    assert (line.outcome, line.who) == ("dropped", "sato")
    assert driver.app.store.read(lambda db: quarantine.raw(db, driver.app.vault, which)) == BAD
    with pytest.raises(NotEnded, match="dropped by sato"):
        release(driver.app, which, WORD, Repaired(GOOD))


def test_what_was_released_is_not_dropped(driver: Driver) -> None:
    """The request is there, and is called off as requests are."""
    which = refused(driver)
    found = release(driver.app, which, WORD)
    with pytest.raises(NotEnded, match=found.request):
        drop(driver.app, which, WORD)


@pytest.mark.parametrize("end", [release, drop])
def test_a_number_that_there_is_not(driver: Driver, end: object) -> None:
    """The words say where the numbers are."""
    assert callable(end)
    with pytest.raises(NotEnded, match="quarantine list"):
        end(driver.app, "Q-0", WORD)


def test_a_batch_becomes_all_its_requests(driver: Driver) -> None:
    """A posted batch of which one bracket was missing."""
    whole = b"[" + event(onprem_data(), "8") + b"," + event(onprem_data(), "9") + b"]"
    (receipt,) = record(
        driver.app, "http", [Parsed(whole[:-1], Malformed("not_json", Fault("", "ends")))]
    )

    found = release(driver.app, receipt.quarantine or "", WORD, Repaired(whole))

    assert {found.request, *found.others} == {one.id for one in requests_of(driver)}
    assert len(found.others) == 1


def test_its_sender_hears_that_it_is_accepted(driver: Driver) -> None:
    """The event carries the sender's own number, after the one that said it was unreadable."""
    which = kept_as(driver, event(onprem_data(severity="Z"), "7"))
    release(driver.app, which, WORD, Repaired(GOOD))
    told = [(one.type.split(".")[-2], one.correlationid) for one in driver.events()]
    assert told == [("unreadable", "7"), ("accepted", "7")]
