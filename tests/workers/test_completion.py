from __future__ import annotations

from typing import Any

from adapters.inbound.event import parse_event
from ledger.states import State
from tests.builders import ACCESS_ID, CONTRACT_ID, onprem_data
from tests.driving import Driver, event
from workers.record import Receipt, record


def answer(driver: Driver, request: str, data: dict[str, Any], **more: Any) -> Receipt:
    """Send what was missing, under a number of its own."""
    given = {"sender_id": "answer", "subject": request, **more}
    (receipt,) = record(driver.app, "test", parse_event(event(data, **given)))
    return receipt


def incomplete(driver: Driver, **missing: Any) -> str:
    """Send a request that lacks something, and have it decided."""
    story = driver.file(onprem_data(**missing))
    assert story.line.state == State.INCOMPLETE
    return story.line.id


def test_an_incomplete_request_goes_on_when_its_fields_arrive(driver: Driver) -> None:
    """The sender supplies what was asked for; the same request is decided again and filed."""
    request = incomplete(driver, category=None, consents={})

    got = answer(driver, request, {"category": "DAG", "consents": {"services_agreement": True}})
    driver.settle()

    assert (got.verdict, got.request) == ("completed", request)
    assert driver.story(request).line.state == State.SUBMITTED
    assert driver.types() == [
        "request.accepted",
        "request.incomplete",
        "request.submitted",
        "incident.deducted",
    ]
    assert [one["key"] for one in driver.tickets()] == [request]


def test_what_was_given_before_stays(driver: Driver) -> None:
    """New fields are laid over the old ones; a part keeps what the answer does not name."""
    contact = {"name": "佐藤", "email": "sato@contoso.example", "method": "email"}
    request = incomplete(driver, category=None, contact=contact)

    answer(driver, request, {"category": "DAG", "contact": {"phone": "03-1234-5678"}})
    driver.settle()

    (ticket,) = driver.tickets()
    assert ticket["title"] == driver.story(request).line.title == onprem_data()["title"]


def test_ids_may_be_what_was_missing(driver: Driver) -> None:
    """Access ID and Contract ID given later are sealed, used, and link the contract."""
    request = incomplete(driver, agent="help@contoso.example", contract=None)

    answer(driver, request, {"access_id": ACCESS_ID, "contract_id": CONTRACT_ID})
    driver.settle()

    assert driver.story(request).line.state == State.SUBMITTED
    assert ACCESS_ID not in repr(driver.story(request))


def test_an_answer_that_comes_twice_counts_once(driver: Driver) -> None:
    """A repeat changes nothing; the same number with other content is refused."""
    request = incomplete(driver, category=None)
    answer(driver, request, {"category": "DAG"})
    driver.settle()

    assert answer(driver, request, {"category": "DAG"}).verdict == "repeat"
    other = answer(driver, request, {"category": "EMC"})
    assert other.fault is not None
    assert other.fault.code == "id_reused"
    driver.settle()
    assert len(driver.tickets()) == 1


def test_only_the_sender_completes_its_request(driver: Driver) -> None:
    """Another source is told that it has no such request, and nothing changes."""
    request = incomplete(driver, category=None)

    got = answer(driver, request, {"category": "DAG"}, source="urn:stranger")

    assert got.fault is not None
    assert got.fault.code == "unknown_request"
    assert driver.story(request).line.state == State.INCOMPLETE


def test_a_request_that_lacks_nothing_takes_nothing(driver: Driver) -> None:
    """What is on its way, or done, is not changed by an answer that comes too late."""
    request = driver.file(onprem_data()).line.id

    got = answer(driver, request, {"title": "something else"})

    assert got.fault is not None
    assert got.fault.code == "not_incomplete"
    assert driver.story(request).line.title == onprem_data()["title"]
