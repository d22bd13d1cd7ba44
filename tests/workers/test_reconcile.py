from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from typing_extensions import override

from adapters.outbound.stream import EventStream
from adapters.portals.port import Held, Listing, Scope
from contracts.ids import request_id
from ledger.states import State
from tests.adapters.orders import AZURE, ONPREM
from tests.adapters.portal_suite import nothing
from tests.builders import onprem_data
from tests.driving import SOURCE, Driver
from tests.workers.test_submit import (
    Crash,
    Faulty,
    assert_filed_once,
    balance,
    crash,
    queued,
    with_portal,
)
from workers.app import App
from workers.findings import Finding, Item
from workers.publish import publish
from workers.reconcile import Compared, reconcile
from workers.submit import submit

YESTERDAY = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251  (the simulated portals' clock)
WHO = "suzuki"
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is the portal's affair alone."""


def compared(driver: Driver, app: App | None = None, *, dry_run: bool = False) -> list[Compared]:
    """Reconcile; give what came of each portal."""
    return reconcile(app or driver.app, YESTERDAY, who=WHO, dry_run=dry_run)[1]


def onprem(driver: Driver, app: App | None = None) -> Compared:
    """Reconcile; give what came of on-premises support."""
    (found,) = (one for one in compared(driver, app) if one.portal == "onprem")
    return found


def only(driver: Driver, app: App | None = None, *, dry_run: bool = False) -> Item:
    """Reconcile; give the only item there is."""
    (item,) = (item for one in compared(driver, app, dry_run=dry_run) for item in one.items)
    return item


def sql(driver: Driver, *statements: str) -> None:
    """Change rows past all rules."""
    driver.app.store.write(lambda db: [db.execute(text(each)) for each in statements])


def lose_tickets(driver: Driver) -> None:
    """Have the bridge forget what it filed."""
    driver.sandbox.sandbox.bridge._by_key.clear()


def abandoned(driver: Driver, *, given_up: bool = False) -> str:
    """Have a worker die with the ticket in its hands; or also the next one leave it to a person."""
    request = queued(driver)
    app = with_portal(driver, after=crash)
    with pytest.raises(Crash):
        submit(app, request)
    driver.lapse()
    if given_up:
        driver.fault(portal="onprem", operation="lookup", times=1, fault={"status": 404})
        submit(replace(app, limits=replace(app.limits, lookups=0)), request)
        assert driver.story(request).line.state == State.UNCERTAIN
    return request


@dataclass(frozen=True, slots=True)
class Told(Faulty):
    """A portal that lists what the test says."""

    held: tuple[Held, ...] = ()

    @override
    def list_tickets(self, scopes: Sequence[Scope], since: datetime) -> Listing | None:
        del scopes, since
        return Listing(self.held)


def telling(driver: Driver, *held: Held) -> App:
    """Give an app whose only portal, on-premises support, lists these tickets."""
    told = Told(driver.app.portals["onprem"], held=held)
    return replace(driver.app, portals={"onprem": told})


# ---- What agrees, and what is adopted ------------------------------------------------------------


def test_what_was_filed_agrees(driver: Driver) -> None:
    """Every ticket that the ledger has is found at its portal; nothing is left to say."""
    azure = {"product": "azure/virtual-machines", "severity": "B", "contract": None,
             "access_id": "0345678901", "contract_id": "0098765432"}  # fmt: skip
    driver.file(onprem_data())
    driver.file(onprem_data(**azure), "2")

    found = compared(driver)

    numbers = {one.portal: one.agrees for one in found}
    assert numbers == {"azure": 1, "office": 0, "onprem": 1, "partner_portal": 0}
    assert [one for one in found if not one.ok or not one.listed or one.items] == []


@pytest.mark.parametrize("given_up", [False, True], ids=["submitting", "uncertain"])
def test_an_abandoned_ticket_is_adopted(driver: Driver, *, given_up: bool) -> None:
    """It is written down as a worker would have, in the person's name, once; a dry run says so."""
    request = abandoned(driver, given_up=given_up)

    assert only(driver, dry_run=True).finding == Finding.ADOPTED
    assert balance(driver) == (20, 1)
    assert only(driver).finding == Finding.ADOPTED

    assert_filed_once(driver, request)
    story = driver.story(request)
    assert (story.history[-1]["state"], story.history[-1]["who"]) == ("submitted", WHO)
    assert [one["outcome"] for one in story.attempts] == ["unknown" if given_up else "filed"]
    assert driver.types()[-2:] == ["request.submitted", "incident.deducted"]
    assert (onprem(driver).agrees, onprem(driver).items) == (1, ())


def test_two_people_at_once_adopt_once(driver: Driver) -> None:
    """Two reconciliations at the same time write one ticket down, once."""
    request = abandoned(driver)
    start = threading.Barrier(2)
    found: list[Compared] = []

    def run() -> None:
        start.wait()
        found.append(onprem(driver))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [one.ok for one in found] == [True, True]
    assert_filed_once(driver, request)


def test_a_request_in_a_workers_hands_is_left_alone(driver: Driver) -> None:
    """A lease that is live keeps everyone else away; the worker writes its ticket down."""
    request = queued(driver)
    found: list[Item] = []
    submit(with_portal(driver, after=lambda: found.append(only(driver))), request)

    assert [item.finding for item in found] == [Finding.UNDER_WAY]
    assert_filed_once(driver, request)
    assert driver.story(request).history[-1]["who"] == "toritsugi"


def test_a_worker_that_wakes_up_too_late_writes_nothing(driver: Driver) -> None:
    """Its lease is over and its ticket adopted: of the two, one writes."""
    request = queued(driver)

    def overtaken() -> None:
        driver.lapse()
        assert only(driver).finding == Finding.ADOPTED

    submit(with_portal(driver, after=overtaken), request)

    assert_filed_once(driver, request)
    assert driver.types().count("request.submitted") == 1
    assert driver.story(request).history[-1]["who"] == WHO


def test_a_request_that_is_not_filed_yet_finds_its_ticket(driver: Driver) -> None:
    """Nothing is written for it: filing it takes up the ticket that is there."""
    request = abandoned(driver)
    sql(
        driver,
        "DELETE FROM attempts",
        "DELETE FROM reservations",
        "UPDATE contracts SET reserved = 0",
        "UPDATE requests SET state = 'queued', due_at = 1",
        "UPDATE history SET state = 'queued' WHERE state = 'submitting'",
    )

    assert only(driver).finding == Finding.TO_COME

    assert driver.story(request).line.state == State.QUEUED
    driver.settle()
    assert_filed_once(driver, request)


# ---- What nobody can explain ---------------------------------------------------------------------


def test_a_request_that_the_ledger_forgot(driver: Driver) -> None:
    """A ticket of an unknown request is told, and whose it is as long as an event says so."""
    forgotten = request_id(SOURCE, "7")
    order = replace(ONPREM, key=forgotten)
    ticket = driver.app.portals["onprem"].file(order, nothing)

    item = only(driver)
    assert (item.request, item.number) == (forgotten, ticket.number)
    assert (item.code, item.source) == ("unknown_request", None)

    driver.send(onprem_data(), "7")
    publish(driver.app, EventStream(driver.app.redis, driver.app.events_stream))
    driver.app.redis.xadd(driver.app.events_stream, {"event": b"toritsugi.request.accepted.v1"})
    sql(driver, *(f"DELETE FROM {table}" for table in ("outbox", "history", "inbox", "requests")))
    item = only(driver)
    assert (item.source, item.sender_id) == (SOURCE, "7")
    assert f"have {SOURCE} send its 7 again" in item.remedy


@one_database
def test_a_ticket_in_a_subscription_that_only_agents_name(driver: Driver) -> None:
    """Azure is asked for every subscription in which an agent may have filed."""
    forgotten = request_id(SOURCE, "8")
    driver.app.portals["azure"].file(replace(AZURE, key=forgotten), nothing)

    item = only(driver)

    assert (item.request, item.code) == (forgotten, "unknown_request")


def test_a_ticket_of_a_request_that_failed(driver: Driver) -> None:
    """Nothing is adopted against the state of the request."""
    request = abandoned(driver)
    sql(driver, "UPDATE requests SET state = 'failed'")

    item = only(driver)

    assert (item.request, item.code) == (request, "ticket_while_failed")
    assert driver.story(request).line.ticket is None


def test_a_ticket_that_is_gone(driver: Driver) -> None:
    """It is missing if we filed it; one that a person reported need not be under our key."""
    number = driver.file(onprem_data()).line.ticket
    lose_tickets(driver)

    item = only(driver)
    assert (item.code, item.number) == ("missing_at_portal", None)
    assert str(number) in item.says

    sql(driver, "UPDATE attempts SET outcome = 'unknown'")
    assert onprem(driver).ok


@one_database
def test_a_list_is_not_the_last_word(driver: Driver) -> None:
    """What it lacks is asked for by its key; what is under no request's number is passed over."""
    driver.file(onprem_data())

    found = onprem(driver, telling(driver, Held("desk-7", "1")))

    assert (found.agrees, found.items) == (1, ())


@one_database
def test_a_list_that_the_portal_does_not_bear_out(driver: Driver) -> None:
    """Only what the portal names again under the request's own key is adopted."""
    request = abandoned(driver)
    number = driver.tickets()[0]["number"]

    assert only(driver, telling(driver, Held(request, "999"))).code == "several_tickets"
    lose_tickets(driver)
    assert only(driver, telling(driver, Held(request, number))).code == "found_elsewhere"

    assert driver.story(request).line.state == State.SUBMITTING


def test_a_ticket_that_is_another_requests(driver: Driver) -> None:
    """One ticket is not written down for two requests."""
    other = driver.file(onprem_data(title="another"), "2").line
    request = abandoned(driver)
    (mine,) = (one["number"] for one in driver.tickets() if one["number"] != other.ticket)
    sql(driver, f"UPDATE tickets SET number = '{mine}'")

    found = {item.request: item for item in onprem(driver).items}

    assert (found[request].code, other.id in found[request].says) == ("anothers_ticket", True)
    assert found[other.id].code == "other_number"


def test_a_ticket_that_cannot_be_charged(driver: Driver) -> None:
    """An account that says no leaves the request as it was, and is told."""
    request = abandoned(driver)
    sql(driver, "UPDATE reservations SET state = 'void'")

    assert only(driver).code == "cannot_be_charged"

    assert driver.story(request).line.state == State.SUBMITTING
    assert [one["outcome"] for one in driver.story(request).attempts] == [None]


# ---- Portals that do not answer ------------------------------------------------------------------


@one_database
def test_a_bridge_without_a_list_is_asked_one_by_one(driver: Driver) -> None:
    """Requests that may have a ticket are looked up by their key instead."""
    request = abandoned(driver, given_up=True)
    driver.fault(portal="onprem", operation="list", times=None, fault={"status": 404})

    assert only(driver).finding == Finding.ADOPTED

    assert_filed_once(driver, request)
    found = onprem(driver)
    assert (found.listed, found.ok, found.items) == (False, True, ())


@one_database
@pytest.mark.parametrize("operation", ["list", "lookup"])
def test_a_portal_that_does_not_answer_stops_no_other(driver: Driver, operation: str) -> None:
    """It is told, nothing is adopted or missing there, and the others are compared."""
    request = abandoned(driver)
    forgotten = request_id(SOURCE, "8")
    driver.app.portals["azure"].file(replace(AZURE, key=forgotten), nothing)
    driver.fault(portal="onprem", operation=operation, times=None, fault="revoked")

    found = {one.portal: one for one in compared(driver)}

    assert [one.error.code for one in found["onprem"].unasked] == ["unauthorized"]
    assert (found["onprem"].ok, found["onprem"].items) == (False, ())
    assert [item.request for item in found["azure"].items] == [forgotten]
    assert driver.story(request).line.state == State.SUBMITTING
