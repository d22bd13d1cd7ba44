from __future__ import annotations

from functools import partial

from ledger import views
from ledger.store import Store
from ledger.vault import Vault
from ledger.views import Filter
from tests.builders import admitted, arrival, numbers


def test_pages_follow_one_another(store: Store, vault: Vault) -> None:
    """Page by page, every request comes once and in the order it came in."""
    requests = admitted(store, vault, *(arrival(number) for number in numbers(25)))
    found: list[str] = []
    after = None
    while page := store.read(partial(views.listing, chosen=Filter(), most=7, after=after)):
        found += [line.id for line in page]
        after = page[-1].mark

    assert len(found) == 25
    assert set(found) == set(requests)


def test_filters_narrow_the_list(store: Store, vault: Vault) -> None:
    """Each filter leaves what it asks for."""
    mine = {"partner": "mine", "agent": "a", "severity": "C"}
    admitted(store, vault, arrival("1"))
    (request,) = admitted(store, vault, arrival("2", facets=mine))

    found = store.read(lambda db: views.listing(db, Filter(partner="mine"), most=10))
    assert [line.id for line in found] == [request]
    assert store.read(lambda db: views.listing(db, Filter(state="failed"), most=10)) == []
    assert store.read(views.counts) == {"received": 2}
