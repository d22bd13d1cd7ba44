"""B7, P3: very many requests at once, of which most are not due or not to be had."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ledger.account import NoIncidentsLeft, post, reserve
from ledger.store import Store
from ledger.tables import requests
from tests.builders import GOLD, admitted, arrival, numbers, opening
from tests.driving import parsed
from tests.faults.invariants import Outside, account
from tests.faults.loops import loops
from tests.faults.processes import until
from tests.faults.world import World, samples
from workers.record import record

FAR = 10_000
HOUR_MS = 3_600_000
DERIVED = {
    "id": "'FAR-' || i",
    "sender_id": "'far-' || i",
    "queue": "CASE i % 2 WHEN 0 THEN 'assess' ELSE 'onprem' END",
    "state": "CASE i % 2 WHEN 0 THEN 'received' ELSE 'queued' END",
    "severity": "'A'",
    "due_at": f"due_at + {HOUR_MS}",
    "hinted_at": "NULL",
}
"""What sets a request of the crowd apart from the one that it is copied from."""
COLUMNS = list(requests.c.keys())
CROWD = f"""
WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {FAR})
INSERT INTO requests ({", ".join(COLUMNS)})
SELECT {", ".join(DERIVED.get(name, name) for name in COLUMNS)} FROM requests, numbers
"""
TOUCHED = "SELECT count(*) FROM requests WHERE fence > 0 OR hinted_at IS NOT NULL"
RIVALS = 200
LEFT = 50
THREADS = 16


def test_what_is_due_now_does_not_wait_for_what_is_not(world: World) -> None:
    """B7: beside ten thousand that are due in an hour, one is done at once, and it alone."""
    with world.app() as app:
        record(app, "test", parsed(samples()["plain"], "urgent"))
    world.flush()
    world.sql(CROWD)

    with loops(world):
        until(lambda: world.states()["urgent"] == "submitted", "it waits", limit_s=10)
        assert world.count(TOUCHED) == 1
        world.sql("DELETE FROM requests WHERE id LIKE 'FAR-%'")
        until(lambda: world.broken() == [], "an invariant does not hold")


def test_no_incident_is_promised_twice(world: World) -> None:
    """P3: of two hundred that reach for fifty incidents at once, fifty get one each."""
    with world.app() as app, ThreadPoolExecutor(THREADS) as pool:
        opening(app.store, GOLD, LEFT - 20)
        crowd = admitted(app.store, app.vault, *map(arrival, numbers(RIVALS)))
        got = list(pool.map(partial(reached, app.store), crowd))
        promised = world.look()
        winners = [request for request, one in zip(crowd, got, strict=True) if one]
        list(pool.map(partial(posted, app.store), winners))
    paid = world.look()

    assert [balance(promised), balance(paid)] == [(LEFT, LEFT), (0, 0)]
    assert len(winners) == LEFT == len([one for one in paid.rows["entries"] if one["request"]])
    assert [*account(promised), *account(paid)] == []


def reached(store: Store, request: str) -> bool:
    """Say whether the request was promised an incident."""
    try:
        store.write(
            lambda db: reserve(db, f"{request}/1", contract=GOLD, request=request, amount=1)
        )
    except NoIncidentsLeft:
        return False
    return True


def posted(store: Store, request: str) -> None:
    """Deduct what was promised."""
    store.write(lambda db: post(db, f"{request}/1", f"{request}/post", who="t", why="t"))


def balance(found: Outside) -> tuple[int, int]:
    """Give balance and promises."""
    (gold,) = [one for one in found.rows["contracts"] if one["id"] == GOLD]
    return gold["balance"], gold["reserved"]
