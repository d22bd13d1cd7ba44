from __future__ import annotations

import threading

from sqlalchemy import text

from ledger import due
from ledger.store import Store
from ledger.vault import Vault
from tests.builders import admitted, arrival, claimed, numbers

ASSESS = ["assess"]


def forget_hints(store: Store) -> None:
    """Let no request have been hinted yet."""
    store.write(lambda db: db.execute(text("UPDATE requests SET hinted_at = NULL")))


def take(store: Store, most: int = 100, before_s: float = 10) -> list[str]:
    """Sweep once; give the numbers in order."""
    found = store.write(lambda db: due.take(db, ASSESS, most=most, hinted_before_s=before_s))
    return [one.id for one in found]


def facets(partner: str, severity: str = "C") -> dict[str, str | None]:
    """Give what lists filter by."""
    return {"partner": partner, "agent": "a", "severity": severity}


def test_what_was_hinted_lately_is_left_alone(store: Store, vault: Vault) -> None:
    """A hint is given time; one that nobody followed is given again."""
    (number,) = admitted(store, vault, arrival())

    assert take(store) == []
    store.write(lambda db: db.execute(text("UPDATE requests SET hinted_at = hinted_at - 10001")))
    assert take(store) == [number]
    assert take(store) == []


def test_what_someone_holds_is_left_alone(store: Store, vault: Vault) -> None:
    """A claimed request is nobody else's until the lease lapses; then it is due at once."""
    (number,) = admitted(store, vault, arrival())
    claimed(store, number)
    assert take(store) == []

    store.write(lambda db: db.execute(text("UPDATE requests SET lease_until = 1")))
    assert take(store) == [number]


def test_severity_goes_first(store: Store, vault: Vault) -> None:
    """A before B before C, whoever came first."""
    c, b, a = admitted(
        store,
        vault,
        *(arrival(s, facets=facets("p", s)) for s in ("C", "B", "A")),
    )
    forget_hints(store)

    assert take(store) == [a, b, c]


def test_a_flood_does_not_delay_another_partner(store: Store, vault: Vault) -> None:
    """Of a partner's hundred requests and another's one, the first few hold the one."""
    flood = [arrival(f"f{n}", facets=facets("flood")) for n in range(100)]
    admitted(store, vault, *flood)
    (small,) = admitted(store, vault, arrival("small", facets=facets("small")))
    forget_hints(store)

    assert small in take(store, most=2)


def test_hints_come_in_fair_order(store: Store, vault: Vault) -> None:
    """The order in which requests are hinted is the fair one, not the database's."""
    flood = [arrival(f"f{n}", facets=facets("flood")) for n in range(50)]
    admitted(store, vault, *flood)
    (small,) = admitted(store, vault, arrival("small", facets=facets("small")))
    forget_hints(store)

    assert take(store).index(small) <= 1


def test_two_sweeps_at_once_share_the_work(store: Store, vault: Vault) -> None:
    """What one sweep hints, another at the same moment leaves alone."""
    requests = admitted(store, vault, *(arrival(number) for number in numbers(200)))
    forget_hints(store)
    start = threading.Barrier(4)
    found: list[str] = []

    def sweep() -> None:
        start.wait()
        found.extend(take(store))

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == len(set(found))
    assert set(found) | set(take(store)) == set(requests)
