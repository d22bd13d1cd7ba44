"""Stream and exchange have marks of their own: one that is away holds up only itself."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial

import pytest

from ledger import outbox
from ledger.outbox import Outlet
from tests.builders import onprem_data
from tests.driving import Driver
from workers.publish import BY_EXCHANGE, BY_STREAM, publish


class Shelf:
    """An outlet that keeps what it gets, as far as it takes it."""

    def __init__(self, *, there: bool = True, takes: int = 1000) -> None:
        self.there = there
        self.takes = takes
        self.got: list[bytes] = []

    def publish(self, batch: Sequence[bytes]) -> Collection[int]:
        if not self.there:
            raise ConnectionError
        taken = range(len(batch))[: self.takes]
        self.got += [batch[place] for place in taken]
        return taken


def told(driver: Driver) -> list[bytes]:
    """Give every event, in order."""
    letters = driver.app.store.read(lambda db: outbox.waiting(db, 100, Outlet.STREAM))
    return [one.body for one in letters]


def test_one_that_is_away_holds_up_only_itself(driver: Driver) -> None:
    """The other goes on; the first misses nothing, and neither sees anything twice."""
    driver.file(onprem_data(), "1")
    before = told(driver)
    stream, exchange = Shelf(there=False), Shelf()
    for _ in range(3):
        with pytest.raises(ConnectionError):
            publish(driver.app, stream, BY_STREAM)
        publish(driver.app, exchange, BY_EXCHANGE)
    assert (stream.got, exchange.got) == ([], before)

    driver.file(onprem_data(title="another"), "2")
    every = told(driver)
    stream.there = True
    publish(driver.app, exchange, BY_EXCHANGE)
    publish(driver.app, stream, BY_STREAM)

    assert len(every) > len(before)
    assert (stream.got, exchange.got) == (every, every)
    store = driver.app.store
    assert [store.read(partial(outbox.unpublished, outlet=one)) for one in Outlet] == [0, 0]


def test_only_what_was_taken_is_marked(driver: Driver) -> None:
    """What an outlet refused comes again, and what it has does not."""
    driver.file(onprem_data())
    every = told(driver)
    exchange = Shelf(takes=1)

    while publish(driver.app, exchange, BY_EXCHANGE):
        pass

    assert exchange.got == every


def test_an_exchange_that_comes_later_gets_no_old_events(driver: Driver) -> None:
    """While the stream is alone its marks stand for both; a replay is for both again."""
    driver.file(onprem_data())
    every = told(driver)
    publish(driver.app, Shelf())
    exchange = Shelf()
    assert publish(driver.app, exchange, BY_EXCHANGE) == 0

    driver.app.store.write(lambda db: outbox.replay(db, datetime(2020, 1, 1, tzinfo=UTC)))
    publish(driver.app, exchange, BY_EXCHANGE)

    assert exchange.got == told(driver) == every
