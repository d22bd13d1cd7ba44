from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from ledger import deliveries, routing
from ledger.deliveries import Delivery, Outcome, Overtaken
from ledger.routing import REPLY, Way
from ledger.store import Connection, Store
from ledger.vault import Vault
from tests.builders import admitted, arrival

WAY = "webhook"


def made_out(store: Store, vault: Vault, *requests: str, receivers: Sequence[str]) -> None:
    """Make out two deliveries of each request to each receiver."""
    for sender_id in requests:
        admitted(store, vault, arrival(sender_id, body={"reply_to": {"webhook": "https://x"}}))

    def write(db: Connection) -> None:
        again = (
            "INSERT INTO outbox (id, request, sequence, type, body, created_at)"
            " SELECT id || '+', request, 2, type, body, created_at FROM outbox"
        )
        db.execute(text(again))
        events = routing.unrouted(db, 100)
        ways = [Way(one.id, one.request, WAY, to) for one in events for to in receivers]
        routing.make_out(db, events, ways)

    store.write(write)


def claimed(
    store: Store, owner: str = "a", busy: Sequence[str] = (), lease_s: float = 60.0
) -> list[Delivery]:
    """Claim what there is, as one process does."""
    return store.write(
        lambda db: deliveries.claim(
            db, owner=owner, lease_s=lease_s, ways=[WAY], busy=busy, most=10
        )
    )


def test_nothing_overtakes_what_another_has_in_hand(store: Store, vault: Vault) -> None:
    """While a delivery is in somebody's hands, nobody gets the next one of its request."""
    made_out(store, vault, "1", receivers=["hook:crm"])
    (first,) = claimed(store)

    assert claimed(store, "b") == []
    store.write(lambda db: deliveries.end(db, first, Outcome.SENT))
    (second,) = claimed(store, "b")
    assert (first.event, second.event) == (second.event.removesuffix("+"), f"{first.event}+")


def test_each_line_is_claimed_once(store: Store, vault: Vault) -> None:
    """One of each receiver at a time, and none of those that are busy."""
    made_out(store, vault, "1", "2", receivers=["hook:crm", "hook:desk", REPLY])

    assert {one.line for one in claimed(store, busy=["hook:desk"])} == {
        "hook:crm",
        "webhook:urn:sender",
    }
    assert [one.line for one in claimed(store, busy=["hook:crm", "webhook:urn:sender"])] == [
        "hook:desk"
    ]


def test_a_lapsed_lease_is_taken_over_and_fences_the_first(store: Store, vault: Vault) -> None:
    """Whoever was overtaken writes nothing, also while the other one is still at it."""
    made_out(store, vault, "1", receivers=["hook:crm"])
    (first,) = claimed(store, lease_s=-1)
    (second,) = claimed(store, "b")
    assert (first.position, first.fence + 1) == (second.position, second.fence)

    with pytest.raises(Overtaken):
        store.write(lambda db: deliveries.end(db, first, Outcome.SENT))
    with pytest.raises(Overtaken):
        store.write(
            lambda db: deliveries.again(
                db, first, wait_s=5, spent=True, code="unreachable", message=""
            )
        )
    store.write(lambda db: deliveries.end(db, second, Outcome.SENT))


def test_a_lease_is_put_off_by_its_holder_alone(store: Store, vault: Vault) -> None:
    """A process renews what it has in hand, and nothing that has lapsed or is another's."""
    made_out(store, vault, "1", receivers=["hook:crm"])
    held = claimed(store, lease_s=1)
    store.write(lambda db: deliveries.renew(db, "b", held, 60))
    store.write(lambda db: deliveries.renew(db, "a", held, 60))
    until = "SELECT max(lease_until) - max(created_at) FROM deliveries, outbox"
    left_ms = store.read(lambda db: db.execute(text(until)).scalar_one())
    assert left_ms > 30_000
