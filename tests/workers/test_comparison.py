from __future__ import annotations

import pytest

from ledger.reconciliation import Known
from ledger.states import State
from workers.comparison import compare
from workers.findings import AGAINST, Finding, Item

STATES = {
    State.RECEIVED: Finding.TO_COME,
    State.QUEUED: Finding.TO_COME,
    State.SUBMITTING: Finding.ADOPTED,
    State.UNCERTAIN: Finding.ADOPTED,
    **dict.fromkeys(AGAINST, Finding.UNEXPLAINED),
}


def one(known: Known | None, *numbers: str) -> Item:
    """Compare what the portal holds for one request."""
    ledger = {} if known is None else {known.id: known}
    (item,) = compare("onprem", {"TR-1": set(numbers)}, ledger)
    return item


@pytest.mark.parametrize("state", STATES)
def test_a_ticket_that_the_ledger_lacks(state: State) -> None:
    """What becomes of it depends on where the request stands; against a state, a way on is told."""
    item = one(Known("TR-1", state, in_hand=False, system=None, number=None), "7")
    assert (item.number, item.finding) == ("7", STATES[state])
    assert (item.remedy != "") == (item.finding == Finding.UNEXPLAINED)


def test_every_state_has_an_answer() -> None:
    """Nothing is left to chance: the others have a ticket by their nature."""
    assert set(State) - set(STATES) == {State.SUBMITTED, State.CLOSED}


@pytest.mark.parametrize("state", [State.SUBMITTING, State.UNCERTAIN])
def test_a_request_in_a_workers_hands(state: State) -> None:
    """It is left alone."""
    item = one(Known("TR-1", state, in_hand=True, system=None, number=None), "7")
    assert item.finding == Finding.UNDER_WAY


@pytest.mark.parametrize(
    ("system", "number", "finding", "code"),
    [
        ("onprem", "7", Finding.AGREES, None),
        ("onprem", "8", Finding.UNEXPLAINED, "other_number"),
        ("office", "7", Finding.UNEXPLAINED, "other_number"),
    ],
)
def test_a_ticket_that_the_ledger_has(
    system: str, number: str, finding: Finding, code: str | None
) -> None:
    """It agrees if portal and number are the same."""
    item = one(Known("TR-1", State.SUBMITTED, in_hand=False, system=system, number=number), "7")
    assert (item.finding, item.code) == (finding, code)


def test_two_tickets_under_one_key() -> None:
    """Both are named, whatever the ledger has."""
    known = Known("TR-1", State.SUBMITTED, in_hand=False, system="onprem", number="7")
    for item in (one(known, "8", "7"), one(None, "8", "7")):
        assert (item.code, "7, 8" in item.says) == ("several_tickets", True)


def test_a_request_that_the_ledger_does_not_know() -> None:
    """Its sender is to send it again."""
    item = one(None, "7")
    assert (item.code, item.finding) == ("unknown_request", Finding.UNEXPLAINED)
    assert "send it again" in item.remedy
