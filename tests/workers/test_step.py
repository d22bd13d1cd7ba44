from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from ledger.states import State
from tests.builders import onprem_data
from tests.driving import Driver
from workers.submit import submit


def suspects(driver: Driver, deliveries: int) -> tuple[str, str]:
    """Leave two requests queued that have been taken up so often in vain."""
    first, second = (driver.send(onprem_data(), key).request or "" for key in "12")
    driver.step()
    driver.app.store.write(
        lambda db: db.execute(text(f"UPDATE requests SET deliveries = {deliveries}"))
    )
    return first, second


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
