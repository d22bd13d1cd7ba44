from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from typing_extensions import override

from adapters.portals.port import Listing, Order, Portal, Scope, Ticket
from contracts.directory_file import read_directory
from ledger import account, directory, proof, views
from ledger.clock import now
from ledger.states import State
from ledger.tables import requests
from ledger.vault import Vault, new_key
from tests.builders import DIRECTORY, GOLD, onprem_data
from tests.driving import Driver
from tests.faults.world import samples
from workers.actors import STEPS
from workers.app import App
from workers.submit import submit


def balance(driver: Driver) -> tuple[int | None, int | None]:
    """Give the gold contract's balance and promises."""
    (gold,) = (one for one in driver.app.store.read(views.balances) if one.contract == GOLD)
    return gold.balance, gold.reserved


def assert_filed_once(driver: Driver, request: str) -> None:
    """One ticket at the portal, one in the ledger, one deduction, and the account adds up."""
    story = driver.story(request)
    assert story.line.state == State.SUBMITTED
    assert [one["key"] for one in driver.tickets()] == [request]
    assert driver.tickets()[0]["number"] == story.line.ticket
    assert balance(driver) == (19, 0)
    assert driver.app.store.read(proof.verify).discrepancies == []


def test_a_request_goes_in_and_a_ticket_comes_out(driver: Driver) -> None:
    """A ticket, a deduction, and the messages that say so, in order."""
    story = driver.file(onprem_data())

    assert_filed_once(driver, story.line.id)
    assert driver.types() == ["request.accepted", "request.submitted", "incident.deducted"]
    assert [one.sequence for one in driver.events()] == [1, 2, 3]
    submitted, deducted = (one.data.model_dump(mode="json") for one in driver.events()[1:])
    assert submitted["ticket"]["number"] == story.line.ticket
    assert submitted["plan"] == {"kind": "gold_20", "contract": "gold-2026"}
    assert (deducted["contract"], deducted["amount"], deducted["balance"]) == ("gold-2026", 1, 19)


def test_each_hint_may_come_many_times(driver: Driver) -> None:
    """Hints that are repeated, late or out of order do nothing."""
    request = driver.file(onprem_data()).line.id

    for _ in range(3):
        for step in STEPS.values():
            step(driver.app, request)

    assert_filed_once(driver, request)


def queued(driver: Driver) -> str:
    """Send a request and decide it; it waits for its portal."""
    request = driver.send(onprem_data()).request
    assert request is not None
    driver.step()
    assert driver.story(request).line.state == State.QUEUED
    return request


class Crash(BaseException):
    """A worker dies here."""


def nothing() -> None:
    """Do nothing."""


def crash() -> None:
    """Die."""
    raise Crash


class Deadly(ZoneInfo):
    """A time zone in which no day can be told."""

    def __new__(cls) -> Self:
        return super().__new__(cls, "Asia/Tokyo")

    @override
    def fromutc(self, moment: datetime, /) -> datetime:
        raise LookupError


def fail() -> None:
    """Meet an error nobody foresaw."""
    raise LookupError


@dataclass(frozen=True, slots=True)
class Faulty:
    """A portal whose worker meets something before or after the call."""

    real: Portal
    before: Callable[[], None] = nothing
    after: Callable[[], None] = nothing
    looking: Callable[[], None] = nothing
    lookup_is_proof: bool = True
    visible_after_s: float = 0.0

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        self.before()
        ticket = self.real.file(order, note)
        self.after()
        return ticket

    def resume(self, order: Order, token: str) -> Ticket:
        return self.real.resume(order, token)

    def find(self, order: Order) -> Ticket | None:
        self.looking()
        return self.real.find(order)

    def list_tickets(self, scopes: Sequence[Scope], since: datetime) -> Listing | None:
        return self.real.list_tickets(scopes, since)

    def close(self) -> None:
        self.real.close()


def with_portal(driver: Driver, **how: Any) -> App:
    """Give an app whose on-premises portal is faulty."""
    faulty = Faulty(driver.app.portals["onprem"], **how)
    return replace(driver.app, portals={**driver.app.portals, "onprem": faulty})


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_the_call_files_once(driver: Driver, moment: str) -> None:
    """Whether it dies before or after the call, the next worker looks first and files once."""
    request = queued(driver)
    with pytest.raises(Crash):
        submit(with_portal(driver, **{moment: crash}), request)
    assert driver.story(request).line.state == State.SUBMITTING
    assert len(driver.tickets()) == (1 if moment == "after" else 0)

    driver.lapse()
    driver.settle()

    assert_filed_once(driver, request)


def test_a_lost_answer_is_looked_up(driver: Driver) -> None:
    """The portal made the ticket and the line was cut: it is found, not filed again."""
    driver.fault(portal="onprem", operation="create", fault="drop_after")

    story = driver.file(onprem_data())

    assert_filed_once(driver, story.line.id)
    assert [one["outcome"] for one in story.attempts] == ["filed"]


def test_a_lost_order_is_filed_after_the_look_up(driver: Driver) -> None:
    """The line was cut before anything was made: the look-up proves it, and it is filed."""
    driver.fault(portal="onprem", operation="create", fault="drop_before")

    story = driver.file(onprem_data())

    assert_filed_once(driver, story.line.id)
    assert [one["outcome"] for one in story.attempts] == ["absent", "filed"]


def test_without_proof_nothing_is_sent_again(driver: Driver) -> None:
    """A portal that cannot say whether it has the ticket leaves the request uncertain."""
    request = queued(driver)
    blind = with_portal(driver, before=crash, lookup_is_proof=False)
    with pytest.raises(Crash):
        submit(blind, request)

    driver.lapse()
    submit(blind, request)
    driver.settle()

    assert driver.story(request).line.state == State.UNCERTAIN
    assert driver.tickets() == []
    assert driver.types()[-1] == "request.uncertain"
    assert balance(driver) == (20, 1)


def test_a_portal_that_shows_tickets_late_is_given_time(driver: Driver) -> None:
    """An empty look-up is no proof before the portal would show the ticket."""
    request = queued(driver)
    slow = with_portal(driver, before=crash, visible_after_s=3600.0)
    with pytest.raises(Crash):
        submit(slow, request)

    driver.lapse()
    submit(slow, request)
    assert driver.story(request).line.state == State.SUBMITTING
    assert driver.tickets() == []

    driver.age(3601)
    driver.settle()
    assert_filed_once(driver, request)


def test_a_zombie_writes_nothing(driver: Driver) -> None:
    """A worker that stops during the call and wakes up too late changes nothing."""
    request = queued(driver)

    def overtaken() -> None:
        driver.lapse()
        submit(driver.app, request)

    submit(with_portal(driver, after=overtaken), request)

    assert_filed_once(driver, request)
    assert driver.types().count("request.submitted") == 1


def test_two_workers_at_once_file_once(driver: Driver) -> None:
    """Two workers that get the same hint at the same moment file one ticket."""
    request = queued(driver)
    start = threading.Barrier(2)

    def reach() -> None:
        start.wait()
        submit(driver.app, request)

    threads = [threading.Thread(target=reach) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert_filed_once(driver, request)


def test_a_named_wait_spends_no_attempt(driver: Driver) -> None:
    """429 with Retry-After: due again when the portal said, as often as it says so."""
    driver.fault(
        portal="onprem", operation="create", times=12, fault={"status": 429, "retry_after": 7}
    )

    story = driver.file(onprem_data())

    assert_filed_once(driver, story.line.id)
    assert story.attempts_spent == 0
    assert [one["outcome"] for one in story.attempts] == ["later"] * 12 + ["filed"]


def test_an_unnamed_wait_spends_attempts_until_it_is_given_up(driver: Driver) -> None:
    """429 without a time is tried a number of times, then failed, and the promise given back."""
    driver.fault(portal="onprem", operation="create", times=None, fault={"status": 429})

    story = driver.file(onprem_data())

    assert story.line.state == State.FAILED
    assert len(story.attempts) == driver.app.limits.attempts
    assert balance(driver) == (20, 0)
    failed = driver.events()[-1].data.model_dump()
    assert failed["error"]["retryable"] is True
    assert driver.tickets() == []


@pytest.mark.parametrize(("portal", "operation"), [("onprem", "create"), ("azure", "poll")])
def test_no_wait_of_ours_is_longer_than_the_most(
    driver: Driver, portal: str, operation: str
) -> None:
    """A sign-in that fails, before or after the order, waits no longer than is set."""
    brisk = replace(driver.app, limits=replace(driver.app.limits, retry_most_s=7.0))
    driver.fault(portal=portal, operation=operation, times=None, fault="revoked")
    request = driver.send({"onprem": onprem_data(), "azure": samples()["azure"]}[portal]).request
    for step in STEPS.values():
        step(brisk, request or "")

    left = select(requests.c.due_at, now().label("now")).where(requests.c.id == request)
    row = brisk.store.read(lambda db: db.execute(left).one())
    assert timedelta(seconds=1) < row.due_at - row.now <= timedelta(seconds=7)


def test_a_refusal_is_told_and_costs_nothing(driver: Driver) -> None:
    """What the portal refuses fails at once, with the portal's own words."""
    driver.fault(portal="onprem", operation="create", times=None, fault={"status": 422})

    story = driver.file(onprem_data())

    assert story.line.state == State.FAILED
    assert len(story.attempts) == 1
    assert balance(driver) == (20, 0)
    assert driver.types() == ["request.accepted", "request.failed"]
    assert driver.app.store.read(proof.verify).clean


def test_a_contract_that_ran_dry_meanwhile_is_decided_again(driver: Driver) -> None:
    """Twenty-one requests for twenty incidents: the last one is told so, and none is oversold."""
    numbers = [driver.send(onprem_data(), str(n)).request or "" for n in range(21)]
    for request in numbers:
        STEPS["assess"](driver.app, request)
    driver.settle()

    states = [driver.story(request).line.state for request in numbers]
    assert states.count(State.SUBMITTED) == 20
    assert states.count(State.REJECTED) == 1
    (rejected,) = (n for n in numbers if driver.story(n).line.state == State.REJECTED)
    assert driver.story(rejected).line.code == "contract_exhausted"
    assert len(driver.tickets()) == 20
    assert driver.app.store.read(proof.verify).clean


def test_poison_is_given_up_and_its_neighbours_pass(driver: Driver) -> None:
    """A request that kills whoever takes it up is failed after three times."""
    poison, neighbour = (driver.send(onprem_data(), key).request or "" for key in "12")
    deadly = replace(driver.app, zone=Deadly())

    for _ in range(4):
        STEPS["assess"](deadly, poison)
        driver.lapse()
    driver.settle()

    assert driver.story(poison).line.state == State.FAILED
    assert driver.story(poison).line.code == "poison"
    assert driver.story(neighbour).line.state == State.SUBMITTED


def test_poison_during_the_call_is_uncertain(driver: Driver) -> None:
    """Given up with an attempt open, the ticket may exist: nothing is said to have failed."""
    request = queued(driver)
    with pytest.raises(Crash):
        submit(with_portal(driver, after=crash), request)
    broken = with_portal(driver, looking=fail)

    for _ in range(4):
        driver.lapse()
        submit(broken, request)

    assert driver.story(request).line.state == State.UNCERTAIN
    assert driver.types()[-1] == "request.uncertain"
    assert [one["outcome"] for one in driver.story(request).attempts] == ["unknown"]


def test_an_agent_who_left_meanwhile_still_gets_the_ticket(driver: Driver) -> None:
    """The directory changed while the request was under way: what exists is written down."""
    ids = {"contract": None, "access_id": "0230242323", "contract_id": "0012345678"}
    request = driver.send(onprem_data(agent="help@contoso.example", **ids)).request or ""
    driver.step()
    without = DIRECTORY.replace("help@contoso.example", "someone@contoso.example")
    driver.app.store.write(
        lambda db: directory.take_in(db, driver.app.vault, read_directory(without), who="test")
    )

    driver.settle()

    assert_filed_once(driver, request)


def test_a_portal_that_never_tells_leaves_it_to_a_person(driver: Driver) -> None:
    """Look-ups that are never answered come to an end, and nothing was sent again."""
    driver.fault(portal="onprem", operation="create", fault="drop_before")
    driver.fault(portal="onprem", operation="lookup", times=None, fault={"status": 500})
    few = replace(driver, app=replace(driver.app, limits=replace(driver.app.limits, lookups=2)))

    story = few.file(onprem_data())

    assert story.line.state == State.UNCERTAIN
    assert len(story.attempts) == 1
    assert driver.tickets() == []


def test_poison_gives_its_promise_back(driver: Driver) -> None:
    """A request given up before anything was sent promises nothing any more."""
    request = queued(driver)
    driver.app.store.write(
        lambda db: account.reserve(db, f"{request}/1", contract=GOLD, request=request, amount=1)
    )
    broken = replace(driver.app, vault=Vault(new_key()))

    for _ in range(4):
        driver.lapse()
        submit(broken, request)

    assert driver.story(request).line.state == State.FAILED
    assert balance(driver) == (20, 0)
