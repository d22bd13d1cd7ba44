from __future__ import annotations

from functools import partial

from ledger import leases, outbox, quarantine
from ledger.quarantine import Unreadable
from ledger.store import Store
from ledger.vault import Vault
from tests.builders import admitted, arrival, postbox

BAD = Unreadable("stream", b"{not json", "not_json", "is no JSON", "line 1")


def test_events_wait_until_they_are_marked(store: Store, vault: Vault) -> None:
    """An event is published again until it is marked, and then no more."""
    admitted(store, vault, arrival("1"), arrival("2"))
    letters = store.read(lambda db: outbox.waiting(db, 10))

    assert store.read(lambda db: outbox.waiting(db, 10)) == letters
    store.write(lambda db: outbox.mark(db, letters[:1]))
    assert store.read(lambda db: outbox.waiting(db, 10)) == letters[1:]


def test_events_can_be_sent_again_under_their_ids(store: Store, vault: Vault) -> None:
    """A repeat of a request gets the same events once more."""
    (number,) = admitted(store, vault, arrival())
    letters = store.read(lambda db: outbox.waiting(db, 10))
    store.write(lambda db: outbox.mark(db, letters))

    store.write(lambda db: outbox.send_again(db, [number]))

    assert store.read(lambda db: outbox.waiting(db, 10)) == letters


def test_what_cannot_be_read_is_kept_once(store: Store, vault: Vault) -> None:
    """A redelivered unreadable message is kept and answered once, its bytes unchanged."""
    box = postbox()
    first = store.write(lambda db: quarantine.keep(db, vault, box, BAD))
    again = store.write(lambda db: quarantine.keep(db, vault, box, BAD))

    (kept,) = store.read(quarantine.kept)
    assert first == again == kept.id
    assert store.read(lambda db: quarantine.raw(db, vault, first)) == b"{not json"
    assert len(store.read(lambda db: outbox.waiting(db, 10))) == 1


def test_a_role_is_filled_by_one(store: Store) -> None:
    """While the lease holds, nobody else gets the role; when it lapses, anyone may."""

    def take(who: str, lease_s: float = 60) -> int | None:
        return store.write(lambda db: leases.take(db, "publish", who, lease_s))

    assert take("a") is not None
    assert take("b") is None
    assert take("a", -1) is not None
    assert take("b") is not None
    assert take("a") is None


def test_a_role_given_up_is_free(store: Store) -> None:
    """Whoever leaves in good order lets the next one in at once."""
    store.write(lambda db: leases.take(db, "publish", "a", 60))
    store.write(lambda db: leases.give_up(db, "publish", "a"))

    assert store.write(lambda db: leases.take(db, "publish", "b", 60)) is not None


def test_who_runs_is_known(store: Store) -> None:
    """A process that has not been heard of for too long is not named, and soon forgotten."""
    for owner, life_s in (("web@a:1", 60), ("clock@a:2", -1), ("web@b:1", 60)):
        store.write(partial(leases.beat, owner=owner, life_s=life_s))
    store.write(lambda db: leases.take(db, "publish", "clock@a:2", 60))

    assert store.read(leases.running) == ["web@a:1", "web@b:1"]
