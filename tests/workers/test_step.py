from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from typing_extensions import override

from ledger.states import State
from ledger.store import Store, T, Work
from ledger.tables import requests
from tests.builders import onprem_data
from tests.driving import Driver
from workers.assess import assess
from workers.processes import renew
from workers.submit import submit


def suspects(driver: Driver, deliveries: int) -> tuple[str, str]:
    """Leave two requests queued that have been taken up so often in vain."""
    first, second = (driver.send(onprem_data(), key).request or "" for key in "12")
    driver.step()
    driver.app.redis.flushall()
    driver.app.store.write(
        lambda db: db.execute(text(f"UPDATE requests SET deliveries = {deliveries}"))
    )
    return first, second


def deliveries(driver: Driver, request: str) -> int:
    """Say how often it was taken up."""
    found = select(requests.c.deliveries).where(requests.c.id == request)
    return int(driver.app.store.read(lambda db: db.execute(found).scalar_one()))


def states(driver: Driver, *requests: str) -> list[str]:
    """Give where they stand."""
    return [driver.story(request).line.state for request in requests]


def test_a_last_try_is_made_alone(driver: Driver) -> None:
    """While one request has its last try, another one's waits, and costs it no delivery."""
    first, second = suspects(driver, driver.app.limits.deliveries - 1)

    def reach(name: str, request: str = "") -> None:
        if (name, request) == ("submit.before_call", first):
            submit(driver.app, second)
            assert states(driver, second) == [State.QUEUED]
            assert deliveries(driver, second) == driver.app.limits.deliveries - 1
            assert driver.app.broker.depth("onprem") == 1  # to come again

    submit(replace(driver.app, reach=reach), first)
    assert states(driver, first, second) == [State.SUBMITTED, State.QUEUED]
    driver.settle()

    assert states(driver, first, second) == [State.SUBMITTED, State.SUBMITTED]


def test_earlier_tries_wait_for_nobody(driver: Driver) -> None:
    """What has tries left goes on beside others."""
    first, second = suspects(driver, driver.app.limits.deliveries - 2)

    def reach(name: str, request: str = "") -> None:
        if (name, request) == ("submit.before_call", first):
            submit(driver.app, second)
            assert states(driver, second) == [State.SUBMITTED]

    submit(replace(driver.app, reach=reach), first)
    assert states(driver, first) == [State.SUBMITTED]


class Away(Store):
    """A database that goes away and comes back."""

    def __init__(self, real: Store) -> None:
        """Stand before the real one."""
        self._real = real
        self.gone = False

    @override
    def write(self, work: Work[T]) -> T:
        if self.gone:
            raise OperationalError("COMMIT", {}, Exception("the server is away"))
        return self._real.write(work)

    @override
    def read(self, query: Work[T]) -> T:
        return self._real.read(query)


def test_a_database_that_is_away_is_held_against_no_request(driver: Driver) -> None:
    """However often it goes away with a request in hand, nothing counts against the request."""
    request = driver.send(onprem_data()).request or ""
    store = Away(driver.app.store)

    def reach(name: str, _request: str = "") -> None:
        store.gone |= name == "step.claimed"

    app = replace(driver.app, store=store, reach=reach)
    for _ in range(driver.app.limits.deliveries + 2):
        store.gone = False
        assess(app, request)
        assert [one.id for one in app.holdings.owed()] == [request]
        renew(app)  # in vain: it is away
        store.gone = False
        renew(app)
        assert (deliveries(driver, request), app.holdings.owed()) == (0, [])
        driver.hasten()
    driver.settle()

    assert states(driver, request) == [State.SUBMITTED]
