from __future__ import annotations

import pytest

from ledger import proof
from ledger.states import State
from tests.builders import onprem_data
from tests.driving import Driver
from tests.workers.test_submit import (
    Crash,
    assert_filed_once,
    balance,
    crash,
    queued,
    with_portal,
)
from workers import settle
from workers.settle import NotSettled, Word
from workers.submit import submit

WORD = Word("suzuki", "looked at the portal")


def uncertain(driver: Driver, moment: str) -> str:
    """Leave a request uncertain: its worker died before or after the call."""
    request = queued(driver)
    blind = with_portal(driver, lookup_is_proof=False, looking=no_answer, **{moment: crash})
    with pytest.raises(Crash):
        submit(blind, request)
    driver.lapse()
    for _ in range(40):
        submit(with_portal(driver, lookup_is_proof=False, looking=no_answer), request)
        driver.hasten()
        driver.lapse()
    assert driver.story(request).line.state == State.UNCERTAIN
    return request


def no_answer() -> None:
    """Look up in vain."""
    raise LookupError


def test_what_was_found_is_paid_for_and_told(driver: Driver) -> None:
    """A person gives the ticket's number: submitted, deducted once, with who and why."""
    request = uncertain(driver, "after")
    (there,) = driver.tickets()

    settle.found(driver.app, request, there["number"], None, WORD)
    driver.settle()

    assert_filed_once(driver, request)
    assert driver.types()[-2:] == ["request.submitted", "incident.deducted"]
    last = driver.story(request).history[-1]
    assert (last["who"], last["why"]) == ("suzuki", "found: looked at the portal")
    assert driver.story(request).entries[-1]["who"] == "suzuki"


def test_what_is_absent_is_filed_anew(driver: Driver) -> None:
    """A person says that there is none: filed under the same key, paid for once."""
    request = uncertain(driver, "before")

    settle.absent(driver.app, request, WORD)
    driver.settle()

    assert_filed_once(driver, request)
    assert [one["outcome"] for one in driver.story(request).attempts] == ["unknown", "filed"]


def test_a_wrong_word_makes_no_second_ticket(driver: Driver) -> None:
    """Said to be absent although it is there: the key finds it, and it stays one."""
    request = uncertain(driver, "after")

    settle.absent(driver.app, request, WORD)
    driver.settle()

    assert_filed_once(driver, request)


def test_nothing_is_settled_twice(driver: Driver) -> None:
    """The second word finds nothing to settle, and changes nothing."""
    request = uncertain(driver, "after")
    settle.found(driver.app, request, "1", None, WORD)

    with pytest.raises(NotSettled, match="is submitted, not uncertain"):
        settle.found(driver.app, request, "2", None, WORD)
    with pytest.raises(NotSettled, match="is submitted, not uncertain"):
        settle.absent(driver.app, request, WORD)
    with pytest.raises(NotSettled, match="does not exist"):
        settle.absent(driver.app, "TR-0", WORD)

    assert driver.story(request).line.ticket == "1"
    assert balance(driver) == (19, 0)
    assert driver.app.store.read(proof.verify).clean


def test_another_s_ticket_is_not_taken(driver: Driver) -> None:
    """A number that belongs to another request is a slip, and is said to be."""
    request = uncertain(driver, "before")
    other = driver.file(onprem_data(), "2")

    with pytest.raises(NotSettled, match=other.line.id):
        settle.found(driver.app, request, str(other.line.ticket), None, WORD)

    assert driver.story(request).line.state == State.UNCERTAIN
