"""R6: a portal is ill for a while: it is left alone, tried by one, and not overrun when well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import Connection, select, text

from adapters.portals.onprem.client import onprem_portal
from adapters.transport import Limits, Transport
from config.settings import Settings
from ledger.clock import moment
from ledger.states import State
from ledger.tables import requests as table
from tests.adapters.orders import TOKEN, clock
from tests.builders import GOLD, numbers, onprem_data, opening
from tests.driving import Driver, parsed
from tests.faults.filing import assert_filed_once, hint_everything, parked, queued
from tests.faults.portals import Crash, HeldUp, by_way_of, crash
from tests.faults.world import World, azure_data
from workers.actors import STEPS
from workers.record import record
from workers.sweep import sweep

ILL = [{"status": 500}, "drop_before", "read_only", {"slow": 30}]
FAILURES = 5
OUTAGE_S, LOOK_S = 1_200, 20
CROWD = {"sqlite": 200, "postgresql": 80}


@pytest.fixture
def hasty(driver: Driver) -> Iterator[Driver]:
    """Give an app that waits a fifth of a second for on-premises support."""
    limits = Limits(read_s=0.2)
    transport = Transport(driver.sandbox.bridge_url, TOKEN, clock=clock, limits=limits)
    yield by_way_of(driver, onprem=onprem_portal(transport))
    transport.close()


@pytest.fixture
def patient(driver: Driver) -> Driver:
    """Give an app that parks real portals as it does by default."""
    usual = Settings.model_fields
    waits = {name: usual[name].default for name in ("park_first_s", "park_most_s")}
    limits = replace(driver.app.limits, **waits)
    return replace(driver, app=replace(driver.app, limits=limits))


def crowd(driver: Driver, count: int) -> list[str]:
    """Give so many decided requests; their contract has incidents for all."""
    opening(driver.app.store, GOLD, count)
    batch = [item for number in numbers(count) for item in parsed(onprem_data(), number)]
    requests = [receipt.request or "" for receipt in record(driver.app, "test", batch)]
    for request in requests:
        STEPS["assess"](driver.app, request)
    return requests


def pass_time(driver: Driver, seconds: float) -> None:
    """Let so much time pass: every moment in the rows is that much longer ago."""
    back = round(seconds * 1000)
    for change in (
        f"requests SET due_at = due_at - {back}, hinted_at = hinted_at - {back}",
        f"attempts SET looked_at = looked_at - {back}",
        f"parkings SET parked_until = parked_until - {back}",
    ):
        run = partial(Connection.execute, statement=text(f"UPDATE {change}"))
        driver.app.store.write(run)


@pytest.mark.parametrize("fault", ILL, ids=str)
def test_a_portal_that_keeps_failing_is_left_alone(
    hasty: Driver, world: World, fault: object
) -> None:
    """R6: five failures in a row park it: its requests wait and spend nothing, others' go on."""
    hasty.fault(portal="onprem", operation="create", times=None, fault=fault)
    requests = crowd(hasty, FAILURES + 3)
    hasty.step()

    assert parked(hasty) == ["onprem"]
    hint_everything(hasty, *requests)
    assert world.creations() == FAILURES
    waiting = [one for one in map(hasty.story, requests) if not one.attempts]
    assert [(one.line.state, one.attempts_spent) for one in waiting] == [(State.QUEUED, 0)] * 3

    elsewhere = queued(hasty, azure_data(), "azure")
    hasty.step()
    assert hasty.story(elsewhere).line.state == State.SUBMITTED
    world.mend()
    hasty.settle()
    assert_filed_once(hasty, world, *requests, elsewhere)


def test_open_attempts_wait_as_well(driver: Driver, world: World) -> None:
    """R6: answers were lost when it fell ill: while it is parked nobody looks them up either."""
    driver.fault(portal="onprem", operation="create", times=None, fault="drop_after")
    requests = crowd(driver, FAILURES)
    driver.step()
    pass_time(driver, 10)
    hint_everything(driver, *requests)

    assert parked(driver) == ["onprem"]
    assert len(world.journal()) == FAILURES
    driver.settle()
    assert world.creations() == FAILURES
    assert_filed_once(driver, world, *requests)


def test_one_request_tries_it_for_all_machines(hasty: Driver, world: World) -> None:
    """R6: when its time is over, many machines that sweep and hint at once send one order."""
    hasty.fault(portal="onprem", operation="create", times=FAILURES, fault={"status": 429})
    hasty.fault(portal="onprem", operation="create", times=1, fault={"slow": 30})
    requests = crowd(hasty, FAILURES + 7)
    hasty.step()
    hasty.hasten()
    hasty.app.redis.flushall()
    machines = [replace(hasty.app, owner=f"machine {number}") for number in range(4)]
    start = threading.Barrier(len(machines))

    def machine(number: int) -> None:
        start.wait()
        sweep(machines[number])
        for request in requests:
            STEPS["onprem"](machines[number], request)

    threads = [threading.Thread(target=machine, args=(number,)) for number in range(len(machines))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert world.creations() == FAILURES + 1
    assert hasty.app.broker.depth("onprem") == 1
    hasty.settle()
    assert_filed_once(hasty, world, *requests)


def test_a_worker_that_dies_while_it_tries_is_replaced(driver: Driver, world: World) -> None:
    """R6: the leave to try lapses with the lease; nobody has to give it back."""
    driver.fault(portal="onprem", operation="create", times=FAILURES, fault={"status": 429})
    requests = crowd(driver, FAILURES + 3)
    driver.step()
    driver.hasten()
    with pytest.raises(Crash):
        by_way_of(driver, onprem=HeldUp(driver.app.portals["onprem"], after=crash)).step()
    driver.step()
    assert world.creations() == FAILURES + 1

    driver.lapse()
    driver.settle()
    assert_filed_once(driver, world, *requests)


@pytest.mark.costly
def test_an_outage_of_twenty_minutes(patient: Driver, world: World) -> None:
    """R6: hundreds wait through it; a few orders try the portal, and no second brings a rush."""
    driver = patient
    driver.fault(portal="onprem", operation="create", times=None, fault="read_only")
    waiting = CROWD[driver.app.store.dialect]
    requests = crowd(driver, waiting)
    for _ in range(0, OUTAGE_S, LOOK_S):
        driver.step()
        pass_time(driver, LOOK_S)
    tries = world.creations()
    spent = driver.app.store.read(lambda db: db.execute(select(table.c.attempts)).scalars().all())
    assert FAILURES < tries <= FAILURES + 6
    assert (max(spent), sum(spent)) == (1, FAILURES)  # not those who tried it

    world.mend()
    pass_time(driver, driver.app.limits.park_most_s)
    per_s = driver.app.limits.drain_per_s
    ticks = second_by_second(driver, world, round(waiting / per_s) + 2)
    driver.settle()

    assert sum(calls for calls, _ in ticks) >= waiting - tries
    # A busy machine may do two seconds' share in one; a rush would be all of them at once.
    assert [tick for tick in ticks if tick[0] > 2 * per_s * tick[1]] == []
    assert_filed_once(driver, world, *requests)


def second_by_second(driver: Driver, world: World, seconds: int) -> list[tuple[int, float]]:
    """Go on for so long; give how many orders reached the portal in each second, or little more."""
    ticks, before, length_s = [], world.creations(), 1.0
    for _ in range(seconds):
        since = driver.app.store.read(moment)
        driver.step()
        ticks.append((world.creations() - before, length_s))
        before += ticks[-1][0]
        by_itself_s = (driver.app.store.read(moment) - since).total_seconds()
        pass_time(driver, max(0.0, 1 - by_itself_s))
        length_s = max(1.0, by_itself_s)
    return ticks
