from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime
from functools import partial

from sqlalchemy import select, text

from ledger import due, parking, requests
from ledger.clock import moment
from ledger.parking import Failure, Terms
from ledger.requests import Claim, Decision, Move
from ledger.states import State
from ledger.store import Connection, Store
from ledger.tables import parkings
from ledger.tables import requests as table
from ledger.vault import Vault
from tests.builders import admitted, arrival, claimed, moved, numbers

TERMS = Terms(failures=3, first_s=30, most_s=100)


def waiting(store: Store, vault: Vault, count: int = 1, route: str = "onprem") -> list[str]:
    """Give requests that are decided, and wait for their portal since one after the other."""
    found = admitted(store, vault, *(arrival(f"{route}{number}") for number in numbers(count)))
    for number in found:
        claim = claimed(store, number)
        decision = Decision(route, None, 0, {})
        store.write(partial(requests.decide, request=number, decision=decision))
        moved(store, claim, Move(State.QUEUED, "eligible", queue=route, wait_s=0))
    for place, number in enumerate(found):
        run(store, f"UPDATE requests SET due_at = {place + 1} WHERE id = '{number}'")
    return found


def run(store: Store, sql: str) -> None:
    """Change rows by hand."""
    store.write(lambda db: db.execute(text(sql)))


def fail(store: Store, *those: str, named_s: float | None = None) -> float | None:
    """Have these requests fail in turn; give for how long that parks their portal."""
    until: datetime | None = None
    for request in those:
        failure = Failure("onprem", request, "unreachable", named_s)
        until = store.write(partial(parking.failed, failure=failure, terms=TERMS))
    return None if until is None else round((until - store.read(moment)).total_seconds())


def succeed(store: Store, request: str) -> bool:
    """Have a request be served; whether that opened the portal."""
    return store.write(lambda db: parking.recovered(db, "onprem", request))


def claim(store: Store, request: str, lease_s: float = 60) -> Claim | None:
    """Reach for a request as a worker does."""
    return store.write(
        lambda db: requests.claim(db, request, states=[*State], owner="w", lease_s=lease_s)
    )


def appoint(store: Store) -> list[tuple[str, str]]:
    """Do a sweep's part."""
    return store.write(parking.appoint)


def pass_time(store: Store) -> None:
    """Let the parking be over."""
    run(store, "UPDATE parkings SET parked_until = 1")


def swept(store: Store, queue: str = "onprem") -> list[str]:
    """Give what a sweep would hint."""
    found = store.write(lambda db: due.take(db, [queue], most=100, hinted_before_s=0))
    return [one.id for one in found]


def test_failures_in_a_row_park_it(store: Store, vault: Vault) -> None:
    """The third failure in a row parks the portal; a success in between begins anew."""
    a, b, c = waiting(store, vault, 3)

    assert fail(store, a, b) is None
    assert not succeed(store, c)
    assert fail(store, a, b) is None
    assert fail(store, c) == 30


def test_one_request_alone_parks_nothing(store: Store, vault: Vault) -> None:
    """However often one order fails, that says nothing of the portal; a second one's does."""
    a, b = waiting(store, vault, 2)

    assert fail(store, *[a] * 20) is None
    assert fail(store, b) is None
    assert fail(store, a) == 30


def test_requests_of_a_parked_portal_wait_untouched(store: Store, vault: Vault) -> None:
    """They are neither claimed nor swept and keep their counts; another portal's are served."""
    mine, other = waiting(store, vault, 3), waiting(store, vault, 1, "office")
    assert fail(store, *mine) == 30
    before = store.read(lambda db: db.execute(select(table).order_by(table.c.id)).all())

    assert [claim(store, request) for request in mine] == [None] * 3
    assert (swept(store), appoint(store)) == ([], [])
    assert store.read(lambda db: db.execute(select(table).order_by(table.c.id)).all()) == before
    assert swept(store, "office") == other
    assert claim(store, other[0]) is not None


def test_deciding_does_not_wait_for_a_portal(store: Store, vault: Vault) -> None:
    """A request that has a parked portal's route from an earlier decision can be decided anew."""
    number, *_ = waiting(store, vault, 3)
    held = claimed(store, number)
    moved(store, held, Move(State.RECEIVED, "again", queue=requests.ASSESS, wait_s=0))
    fail(store, number, named_s=60)

    assert claim(store, number) is not None


def test_one_request_tries_it(store: Store, vault: Vault) -> None:
    """When the time is over the one that waits longest is appointed and swept, and no other."""
    first, *others = waiting(store, vault, 5)
    fail(store, *others[:3])
    assert appoint(store) == []

    pass_time(store)
    assert appoint(store) == [("onprem", first)]
    assert appoint(store) == []
    assert swept(store) == [first]
    assert [claim(store, request) for request in others] == [None] * 4
    assert claim(store, first) is not None
    assert appoint(store) == []


def test_many_machines_appoint_one(store: Store, vault: Vault) -> None:
    """However many sweep at the same moment, one request tries the portal."""
    fail(store, *waiting(store, vault, 9))
    pass_time(store)
    start = threading.Barrier(6)
    found: list[tuple[str, str]] = []

    def sweep() -> None:
        start.wait()
        found.extend(appoint(store))

    threads = [threading.Thread(target=sweep) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 1


def test_a_probe_that_is_no_more_is_replaced(store: Store, vault: Vault) -> None:
    """A probe whose worker died tries again; one that has gone elsewhere leaves it to the next."""
    first, second, third = waiting(store, vault, 3)
    fail(store, first, second, third)
    pass_time(store)
    appoint(store)

    held = claim(store, first, lease_s=-1)
    assert held is not None
    assert (appoint(store), swept(store)) == ([], [first])

    store.write(lambda db: requests.postpone(db, held, 900))
    assert appoint(store) == [("onprem", second)]


def test_each_try_that_fails_doubles_the_wait(store: Store, vault: Vault) -> None:
    """30, 60, then 100 seconds at most, and another request is the next to try."""
    first, second, third = waiting(store, vault, 3)
    assert fail(store, first, second, third) == 30

    for probe, wait_s in ((first, 60), (second, 100), (third, 100)):
        pass_time(store)
        assert appoint(store) == [("onprem", probe)]
        held = claim(store, probe)
        assert held is not None
        store.write(partial(requests.postpone, claim=held, wait_s=5))
        assert fail(store, probe) == wait_s


def test_who_was_under_way_adds_nothing(store: Store, vault: Vault) -> None:
    """Failures and successes of calls from before it was parked change nothing."""
    a, b, c, d = waiting(store, vault, 4)
    fail(store, a, b, c)

    assert fail(store, d) is None
    assert not succeed(store, d)
    assert claim(store, a) is None


def test_a_wait_that_the_portal_named_parks_it_at_once(store: Store, vault: Vault) -> None:
    """One request that is told a time is enough; a shorter time does not shorten it."""
    a, b, c = waiting(store, vault, 3)

    assert fail(store, a, named_s=60) == 60
    assert fail(store, b, named_s=7) == 60
    assert fail(store, c, named_s=90) == 90
    assert claim(store, a) is None


def test_a_wait_named_meanwhile_is_for_who_tries_it_too(store: Store, vault: Vault) -> None:
    """The portal names a time to another while one tries it: nobody calls before it is over."""
    a, b, c, d = waiting(store, vault, 4)
    fail(store, a, b, c)
    pass_time(store)
    ((_, probe),) = appoint(store)

    assert fail(store, d, named_s=60) == 60

    assert not succeed(store, probe)
    assert claim(store, probe) is None
    assert appoint(store) == []


def test_a_named_wait_that_is_over_still_needs_a_try(store: Store, vault: Vault) -> None:
    """A probe that fails after a named wait parks the portal for the first time of ours."""
    a, b = waiting(store, vault, 2)
    fail(store, b, named_s=60)
    pass_time(store)
    assert appoint(store) == [("onprem", a)]

    assert fail(store, a) == 30


def test_a_try_that_succeeds_opens_it_without_a_rush(store: Store, vault: Vault) -> None:
    """The rest is put into a row, so many a second, and nobody is held back any more."""
    probe, *rest = waiting(store, vault, 60)
    fail(store, *rest[:3])
    pass_time(store)
    appoint(store)
    held = claimed(store, probe)

    def write(db: Connection) -> int:
        assert parking.recovered(db, "onprem", held.id)
        return due.spread(db, "onprem", per_s=10)

    begin = store.read(moment)
    assert store.write(write) == 59
    places = store.read(lambda db: db.execute(select(table.c.id, table.c.due_at)).all())
    seconds = Counter((row.due_at - begin).seconds for row in places if row.id != probe)
    assert max(seconds.values()) <= 11
    assert sorted(seconds) == list(range(6))
    assert store.read(lambda db: db.execute(select(parkings)).all()) == []
    run(store, "UPDATE requests SET due_at = 1")
    assert set(swept(store)) == set(rest)


def test_the_row_is_a_fair_one(store: Store, vault: Vault) -> None:
    """A before B before C, and a flood from one partner does not put another's at its end."""
    flood = waiting(store, vault, 20)
    small, urgent = waiting(store, vault, 2, "office")
    for sql in (
        "UPDATE requests SET route = 'onprem'",
        f"UPDATE requests SET partner = 'small' WHERE id = '{small}'",
        f"UPDATE requests SET severity = 'A' WHERE id = '{urgent}'",
    ):
        run(store, sql)

    store.write(lambda db: due.spread(db, "onprem", per_s=10))

    by_turn = select(table.c.id).order_by(table.c.due_at)
    order = store.read(lambda db: db.execute(by_turn).scalars().all())
    assert order[0] == urgent
    assert order.index(small) <= 2
    assert order[-1] == flood[-1]


def test_what_is_parked_can_be_told(store: Store, vault: Vault) -> None:
    """A list for people: portal, failures and what was met; one that only fails is not in it."""
    a, b, c = waiting(store, vault, 3)
    fail(store, a, b)
    assert store.read(parking.parked) == []

    fail(store, c)
    (told,) = store.read(parking.parked)
    assert (told.portal, told.failures, told.code) == ("onprem", 3, "unreachable")
