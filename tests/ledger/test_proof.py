from __future__ import annotations

import pytest
from sqlalchemy import text

from ledger import account, attempts, proof, tickets
from ledger.account import Change
from ledger.proof import Discrepancy
from ledger.requests import Fenced
from ledger.store import Connection, Store
from ledger.tickets import Ticket
from ledger.vault import Vault
from tests.builders import GOLD, admitted, arrival, claimed, with_directory

BROKEN = {
    "balance is the sum of entries": "UPDATE contracts SET balance = 21 WHERE counted",
    "reserved is the sum of promises": "UPDATE contracts SET reserved = 1 WHERE counted",
    "a settled promise is posted once": "UPDATE reservations SET state = 'pending'",
    "a ticket is paid once": "UPDATE requests SET incidents = 0",
    "a posting has its ticket": "DELETE FROM tickets",
    "a refund gives back a posting": "UPDATE entries SET amount = 2 WHERE kind = 'refund'",
    "a request is posted once": """
        DROP INDEX uq_entries_once;
        INSERT INTO entries (id, contract, request, kind, amount, balance, at, who, why)
        SELECT 'again', contract, request, kind, amount, balance - 1, at, who, why
        FROM entries WHERE kind = 'post'
    """,
    "a request is refunded once": """
        DROP INDEX uq_entries_once;
        INSERT INTO entries (id, contract, request, kind, amount, balance, at, who, why)
        SELECT 'again', contract, request, kind, amount, balance + 1, at, who, why
        FROM entries WHERE kind = 'refund'
    """,
    "a promise belongs to a request under way": "UPDATE reservations SET state = 'pending'",
    "a submitted request has its ticket": "DELETE FROM tickets",
    "a posting has its event": "DELETE FROM outbox WHERE type LIKE '%deducted%'",
    "a refund has its event": "DELETE FROM outbox WHERE type LIKE '%refunded%'",
    "entries run on": "UPDATE entries SET balance = 5 WHERE kind = 'post'",
}


class InVainError(Exception):
    """What was broken is whole again."""


@pytest.fixture(name="request_number")
def _filed_and_refunded(store: Store, vault: Vault) -> str:
    """Leave a request that was filed, deducted and given back, with its events."""
    with_directory(store, vault)
    (request,) = admitted(store, vault, arrival())
    with_event = (
        "INSERT INTO outbox (id, request, sequence, type, body, created_at) "
        "VALUES (:id, :request, :sequence, :type, :body, 0)"
    )

    def write(db: Connection) -> None:
        db.execute(text("UPDATE requests SET incidents = 1, state = 'submitted'"))
        account.reserve(db, "r", contract=GOLD, request=request, amount=1)
        account.post(db, "r", "p", who="t", why="t")
        account.refund(db, request, "b", who="t", why="t")
        tickets.add(db, request, Ticket("onprem", "1", "C", None, None))
        for sequence, kind in ((2, "deducted"), (3, "refunded")):
            event = {"id": kind, "request": request, "sequence": sequence, "body": b"{}"}
            db.execute(text(with_event), {**event, "type": f"toritsugi.incident.{kind}.v1"})

    store.write(write)
    return request


def test_an_account_that_adds_up_is_clean(store: Store, request_number: str) -> None:
    """Nothing is found where nothing is wrong."""
    assert request_number
    assert store.read(proof.verify).discrepancies == []


@pytest.mark.parametrize("check", BROKEN)
def test_each_check_finds_what_it_is_for(store: Store, request_number: str, check: str) -> None:
    """Whatever is broken behind the code's back is found, and where."""
    assert request_number
    found: list[Discrepancy] = []

    def write(db: Connection) -> None:
        for statement in BROKEN[check].split(";"):
            db.execute(text(statement))
        found.extend(proof.verify(db).discrepancies)
        raise InVainError

    with pytest.raises(InVainError):
        store.write(write)
    assert check in {one.check for one in found}


def test_an_uncounted_contract_takes_refunds(store: Store, vault: Vault) -> None:
    """What is not counted is never short."""
    with_directory(store, vault)
    unlimited = GOLD.replace("gold-2026", "scs-2026")
    cut = Change("c", unlimited, "adjustment", -1, "t", "t")

    assert store.write(lambda db: account.add(db, cut)).balance == -1


def test_a_zombie_opens_no_attempt(store: Store, vault: Vault) -> None:
    """A worker that was overtaken writes no intention, so it calls nobody."""
    (request,) = admitted(store, vault, arrival())
    zombie = claimed(store, request, "zombie", lease_s=-1)
    claimed(store, request, "successor")

    with pytest.raises(Fenced):
        store.write(lambda db: attempts.begin(db, zombie, "onprem"))
