from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from structlog.testing import capture_logs

from ledger import account, parking, proof, views
from ledger.account import AccountError
from ledger.states import State
from ledger.store import Store
from ledger.vault import Vault
from tests.builders import GOLD, admitted, arrival, numbers, with_directory
from tests.driving import Driver
from tests.workers.test_submit import (
    Crash,
    assert_filed_once,
    balance,
    crash,
    queued,
    with_portal,
)
from workers.app import App
from workers.expire import expire
from workers.submit import submit

BUSY = {"portal": "onprem", "operation": "create", "fault": {"status": 429, "retry_after": 900}}


def late(app: App) -> App:
    """Give an app for which every promise is too old."""
    return replace(app, limits=replace(app.limits, promise_s=-60))


def waiting(driver: Driver) -> str:
    """Leave a request waiting for its portal, with an incident promised."""
    driver.fault(**BUSY)
    request = queued(driver)
    submit(driver.app, request)
    assert balance(driver) == (20, 1)
    return request


def test_an_old_promise_is_given_back(driver: Driver) -> None:
    """What waits too long is decided again, promised again when its turn comes, filed once."""
    request = waiting(driver)
    assert expire(driver.app) == 0

    assert expire(late(driver.app)) == 1
    assert balance(driver) == (20, 0)
    assert driver.story(request).line.state == State.RECEIVED
    driver.settle()

    assert_filed_once(driver, request)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_what_may_have_a_ticket_keeps_its_promise(driver: Driver, moment: str) -> None:
    """P4: reserved, then crashed: the promise never expires while the ticket may exist."""
    request = queued(driver)
    with pytest.raises(Crash):
        submit(with_portal(driver, **{moment: crash}), request)

    driver.lapse()
    assert expire(late(driver.app)) == 0
    driver.settle()

    assert_filed_once(driver, request)


def test_a_worker_overtaken_by_the_expiry_files_nothing(driver: Driver) -> None:
    """P4: expired between the claim and the intention: the worker is fenced off."""
    request = waiting(driver)
    driver.hasten()
    driver.app.store.write(parking.appoint)

    def reach(name: str, _request: str = "") -> None:
        if name == "step.claimed":
            assert expire(late(driver.app)) == 1

    with capture_logs() as logged:
        submit(replace(driver.app, reach=reach), request)
    assert [one["event"] for one in logged if one["event"].startswith("step.")] == ["step.fenced"]
    assert driver.tickets() == []
    driver.settle()

    assert_filed_once(driver, request)
    assert driver.app.store.read(proof.verify).clean


def post(store: Store, request: str) -> None:
    """Deduct what was promised."""
    entry = f"{request}/post"
    store.write(lambda db: account.post(db, request, entry, who="t", why="t"))


def give_back(store: Store, request: str) -> None:
    """Give the promise back."""
    store.write(lambda db: account.void(db, request))


def test_exactly_one_of_posting_and_giving_back_wins(store: Store, vault: Vault) -> None:
    """P4: for each of many promises a posting and a giving back meet; one of them happens."""
    with_directory(store, vault)
    requests = admitted(store, vault, *(arrival(number) for number in numbers(16)))
    for one in requests:
        store.write(partial(account.reserve, reservation=one, contract=GOLD, request=one, amount=1))
    won: list[tuple[str, str]] = []
    start = threading.Barrier(2)

    def settle(how: Callable[[Store, str], None]) -> None:
        start.wait()
        for one in requests:
            with contextlib.suppress(AccountError):
                how(store, one)
                won.append((one, how.__name__))

    threads = [threading.Thread(target=settle, args=(how,)) for how in (post, give_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    postings = sum(how == "post" for _, how in won)
    (gold,) = (one for one in store.read(views.balances) if one.contract == GOLD)
    assert sorted(one for one, _ in won) == sorted(requests)
    assert (gold.balance, gold.reserved) == (20 - postings, 0)
