from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text, update

from contracts.event_data import Submitted
from contracts.events import decode_event
from ledger import admission, attempts, outbox, requests, views
from ledger.outbox import Note
from ledger.requests import Claim, Fenced, Move
from ledger.states import ForbiddenMoveError, State
from ledger.store import Connection, Store
from ledger.tables import history, inbox
from ledger.tables import requests as table
from ledger.vault import Vault
from tests.builders import admitted, arrival, claimed, moved, postbox

TICKET = {"system": "onprem", "number": "1", "severity": "C"}


def test_admits_once(store: Store, vault: Vault) -> None:
    """A repeat changes nothing and is answered with the state of the first."""
    box = postbox()
    first = store.write(lambda db: admission.admit(db, vault, box, [arrival()]))
    again = store.write(lambda db: admission.admit(db, vault, box, [arrival(), arrival()]))

    assert [one.verdict for one in first] == ["new"]
    assert [(one.verdict, one.state) for one in again] == [("repeat", State.RECEIVED)] * 2
    assert store.read(lambda db: db.execute(select(func.count()).select_from(table)).scalar()) == 1


def test_same_key_with_other_content_is_refused(store: Store, vault: Vault) -> None:
    """The same key with other content is told apart, within one batch too."""
    box = postbox()
    batch = [arrival(), arrival(content_hash="other")]

    answers = store.write(lambda db: admission.admit(db, vault, box, batch))

    assert [one.verdict for one in answers] == ["new", "reused"]


def test_raw_bytes_and_secrets_are_sealed(store: Store, vault: Vault) -> None:
    """No secret stands in any column in clear, and the raw bytes open again."""
    raw = b'{"access_id": "0230242323"}'
    admitted(store, vault, arrival(raw=raw, access_id="0230242323", contract_id="0012345678"))

    rows = store.read(lambda db: [*db.execute(select(table)), *db.execute(select(inbox))])

    assert "0230242323" not in repr(rows)
    assert "0012345678" not in repr(rows)
    assert vault.open(rows[1].raw_sealed) == raw


def test_accepted_event_is_written_with_the_request(store: Store, vault: Vault) -> None:
    """The first event of a request has sequence 1 and the sender's own key."""
    (number,) = admitted(store, vault, arrival("42"))

    (letter,) = store.read(lambda db: outbox.waiting(db, 10))
    event = decode_event(letter.body)

    assert event.type == "toritsugi.request.accepted.v1"
    assert (event.subject, event.sequence) == (number, 1)
    assert (event.correlationid, event.causesource) == ("42", "urn:sender")


def test_only_one_of_many_claims_it(store: Store, vault: Vault) -> None:
    """However many workers reach for a request at once, exactly one holds it."""
    (number,) = admitted(store, vault, arrival())
    claims: list[requests.Claim | None] = []
    start = threading.Barrier(8)

    def reach(owner: str) -> None:
        start.wait()
        claims.append(
            store.write(
                lambda db: requests.claim(
                    db, number, states=[State.RECEIVED], owner=owner, lease_s=60
                )
            )
        )

    threads = [threading.Thread(target=reach, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(claims) == 8
    assert sum(claim is not None for claim in claims) == 1


def test_a_lapsed_lease_is_taken_over_and_fences_the_first(store: Store, vault: Vault) -> None:
    """A worker that wakes up after its lease lapsed and was taken over writes nothing."""
    (number,) = admitted(store, vault, arrival())
    zombie = claimed(store, number, "zombie", lease_s=-1)
    successor = claimed(store, number, "successor")
    step = Move(State.QUEUED, "eligible", queue="onprem", wait_s=0)

    with pytest.raises(Fenced):
        moved(store, zombie, step)
    with pytest.raises(Fenced):
        store.write(lambda db: requests.postpone(db, zombie, 1))
    moved(store, successor, step)

    assert successor.fence == zombie.fence + 1
    assert successor.deliveries == 2


def test_what_is_in_hand_is_not_seized_as_free(store: Store, vault: Vault) -> None:
    """A live lease keeps a person away; a lapsed one does not, and its holder is fenced off."""
    (number,) = admitted(store, vault, arrival())
    holder = claimed(store, number)

    def seized(*states: State) -> Claim | None:
        return store.write(lambda db: requests.seize_free(db, number, states))

    assert seized(State.RECEIVED) is None
    lapsed = update(table).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    store.write(lambda db: db.execute(lapsed))
    assert seized(State.UNCERTAIN) is None
    claim = seized(State.RECEIVED)
    assert claim is not None
    assert claim.fence == holder.fence + 1
    with pytest.raises(Fenced):
        moved(store, holder, Move(State.CANCELLED, "too late"))


def test_a_move_writes_state_history_and_events_together(store: Store, vault: Vault) -> None:
    """One unit of work writes the state, a line of history and numbered events."""
    (number,) = admitted(store, vault, arrival())
    claim = moved(
        store,
        claimed(store, number),
        Move(State.QUEUED, "eligible", wait_s=0, keep=True),
        Move(State.SUBMITTING, "filing begins", wait_s=0, keep=True),
    )
    moved(store, claim, Move(State.SUBMITTED, "done", notes=[Note(Submitted, {"ticket": TICKET})]))

    story = store.read(lambda db: views.story(db, number))

    assert story is not None
    assert story.line.state == State.SUBMITTED
    states = [line["state"] for line in story.history]
    assert states == ["received", "queued", "submitting", "submitted"]
    assert [event["sequence"] for event in story.events] == [1, 2]


def test_a_failed_unit_of_work_leaves_nothing(store: Store, vault: Vault) -> None:
    """An error after a move takes the move back."""
    (number,) = admitted(store, vault, arrival())
    claim = claimed(store, number)

    def broken(db: Connection) -> None:
        requests.move(db, postbox(), claim, Move(State.CANCELLED, "no more"))
        raise LookupError

    with pytest.raises(LookupError):
        store.write(broken)

    count = select(func.count()).select_from(history)
    assert store.read(lambda db: db.execute(count).scalar()) == 1


def test_a_move_the_table_does_not_have_is_refused(store: Store, vault: Vault) -> None:
    """A request that was received cannot be submitted without being queued."""
    (number,) = admitted(store, vault, arrival())

    with pytest.raises(ForbiddenMoveError, match="received moves to"):
        moved(store, claimed(store, number), Move(State.SUBMITTED, "by magic"))


def test_what_is_not_due_is_not_claimed(store: Store, vault: Vault) -> None:
    """A request that waits is left alone until its time, which the database tells."""
    (number,) = admitted(store, vault, arrival())
    claim = claimed(store, number)
    store.write(lambda db: requests.postpone(db, claim, 3600))

    def reach() -> requests.Claim | None:
        return store.write(
            lambda db: requests.claim(db, number, states=list(State), owner="w", lease_s=1)
        )

    assert reach() is None
    store.write(lambda db: db.execute(update(table).values(due_at=text("due_at - 3600001"))))
    assert reach() is not None


def test_a_lease_is_renewed_only_by_its_holder(store: Store, vault: Vault) -> None:
    """Renewing moves the end of a lease that is still held, and no other."""
    mine, other = admitted(store, vault, arrival("1"), arrival("2"))
    claimed(store, mine, "me", lease_s=10)
    claimed(store, other, "someone", lease_s=10)
    ends = select(table.c.id, table.c.lease_until)
    before = dict(store.read(lambda db: db.execute(ends).all()))

    store.write(lambda db: requests.renew(db, "me", [mine, other], 1000))

    after = dict(store.read(lambda db: db.execute(ends).all()))
    assert after[mine] > before[mine]
    assert after[other] == before[other]


def test_whoever_had_what_is_seized_begins_nothing(store: Store, vault: Vault) -> None:
    """A worker that has a request in hand when it is seized begins nothing, so calls nobody."""
    (request,) = admitted(store, vault, arrival())
    claim = moved(
        store,
        claimed(store, request),
        Move(State.QUEUED, "eligible", wait_s=0, keep=True),
        Move(State.SUBMITTING, "filing begins", wait_s=0, keep=True),
    )

    assert store.write(lambda db: requests.seize(db, request, {State.SUBMITTING})) is not None

    with pytest.raises(Fenced):
        store.write(lambda db: attempts.begin(db, claim, "onprem"))
