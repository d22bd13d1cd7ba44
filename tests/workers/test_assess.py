from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.directory_file import read_directory
from ledger import directory, requests
from ledger.states import State
from tests.builders import AGENT, DIRECTORY, PARTNER, claimed, moved, onprem_data
from tests.driving import Driver
from workers.assess import assess

OFFICE = {
    "partner": PARTNER,
    "agent": AGENT,
    "customer": "northwind.example",
    "product": "office365/exchange-online",
    "title": "Shared mailbox does not open",
    "description": "Since this morning the shared mailbox cannot be opened.",
    "contact": {"name": "Hanako Sato", "email": AGENT, "method": "email"},
}


def test_what_is_missing_is_asked_for(driver: Driver) -> None:
    """An incomplete request names its fields, reserves nothing and files nothing."""
    story = driver.file(onprem_data(category=None, consents={}))

    assert story.line.state == State.INCOMPLETE
    told = driver.events()[-1].data.model_dump()
    assert {one["field"] for one in told["reasons"]} == {"category", "consents.services_agreement"}
    assert all(one["message"]["ja"] and one["message"]["en"] for one in told["reasons"])
    assert driver.tickets() == []


def test_held_is_decided_again_when_the_directory_changes(driver: Driver) -> None:
    """The customer approves; the request that waited for it goes on by itself, told once."""
    story = driver.file(OFFICE)
    assert story.line.state == State.HELD
    driver.hasten(held=True)
    driver.step()
    assert driver.types().count("request.held") == 1

    approved = read_directory(
        DIRECTORY.replace("delegated_admin: requested", "delegated_admin: active")
    )
    driver.app.store.write(lambda db: directory.take_in(db, driver.app.vault, approved, who="test"))
    assert driver.app.store.write(lambda db: requests.wake_held(db, [PARTNER])) == 1
    driver.settle()

    assert driver.story(story.line.id).line.state == State.SUBMITTED
    assert driver.types() == ["request.accepted", "request.held", "request.submitted"]


def test_first_use_links_the_contract(driver: Driver) -> None:
    """Ids given once tie the contract to the sign-in: the next request needs none."""
    helpdesk = "help@contoso.example"
    first = driver.file(
        onprem_data(agent=helpdesk, contract=None, access_id="0230242323", contract_id="0012345678")
    )
    second = driver.file(onprem_data(agent=helpdesk, contract=None), "2")

    assert (first.line.state, second.line.state) == (State.SUBMITTED, State.SUBMITTED)
    assert second.line.contract == "gold-2026"


def test_azure_goes_through_its_own_api(driver: Driver) -> None:
    """An Azure request is filed under a name made from its number and found by it."""
    story = driver.file(
        {
            "partner": PARTNER,
            "agent": AGENT,
            "product": "azure/virtual-machines",
            "title": "VM does not start",
            "description": "Allocation failed in Japan East.",
            "problem_type": "Cannot start or stop my VM",
            "severity": "B",
            "access_id": "0345678901",
            "contract_id": "0098765432",
        }
    )

    assert story.line.state == State.SUBMITTED
    assert story.incidents == 0
    (ticket,) = driver.tickets()
    assert story.line.id.lower() in ticket["key"]
    assert story.line.ticket == ticket["number"]


def test_an_import_during_a_decision_is_not_missed(driver: Driver) -> None:
    """What changed while the request was being decided is looked at, not in a day but at once."""
    request = driver.send(OFFICE).request or ""
    deciding = claimed(driver.app.store, request)
    driver.app.store.write(lambda db: requests.wake_held(db, [PARTNER]))

    with pytest.raises(requests.Fenced):
        moved(driver.app.store, deciding, requests.Move(State.HELD, "dap_pending", wait_s=86_400))
    assert driver.step() == 1


def test_a_full_portal_queue_is_left_to_the_sweep(driver: Driver) -> None:
    """A decided request is hinted only where there is room."""
    request = driver.send(onprem_data()).request or ""
    limits = replace(driver.app.limits, hints_waiting=0)

    assess(replace(driver.app, limits=limits), request)

    assert driver.story(request).line.state == State.QUEUED
    assert driver.app.broker.depth("onprem") == 0
