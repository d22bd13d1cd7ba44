from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ledger import account, views
from ledger.account import AccountError, Change
from ledger.store import Store
from ledger.vault import Vault
from tests.builders import GOLD, PARTNER, admitted, arrival, with_directory

UNCOUNTED = f"{PARTNER}/scs-2026"


@pytest.fixture(autouse=True)
def _directory(store: Store, vault: Vault) -> None:
    with_directory(store, vault)


def balance(store: Store, contract: str = GOLD) -> tuple[int | None, int | None]:
    """Give balance and promises of a contract."""
    found = {one.contract: one for one in store.read(views.balances)}[contract]
    return found.balance, found.reserved


def reserve(store: Store, request: str, *, contract: str = GOLD, amount: int = 1) -> None:
    """Promise incidents to a request."""
    store.write(
        lambda db: account.reserve(
            db, f"{request}/1", contract=contract, request=request, amount=amount
        )
    )


def post(store: Store, request: str) -> account.Entry:
    """Deduct what was promised."""
    return store.write(
        lambda db: account.post(db, f"{request}/1", f"{request}/post", who="t", why="t")
    )


def test_reserve_then_post(store: Store, vault: Vault) -> None:
    """A promise leaves the balance as it is; the posting takes it and the promise is gone."""
    (request,) = admitted(store, vault, arrival())

    reserve(store, request)
    assert balance(store) == (20, 1)
    entry = post(store, request)

    assert (entry.amount, entry.balance) == (-1, 19)
    assert balance(store) == (19, 0)


def test_doing_it_twice_does_it_once(store: Store, vault: Vault) -> None:
    """The same ids twice promise, deduct and give back once."""
    (request,) = admitted(store, vault, arrival())

    for _ in range(2):
        reserve(store, request)
    for _ in range(2):
        post(store, request)
    for _ in range(2):
        store.write(lambda db: account.refund(db, request, f"{request}/refund", who="t", why="t"))

    assert balance(store) == (20, 0)
    kinds = [line["kind"] for line in store.read(views.account)]
    assert sorted(kinds) == ["opening", "post", "refund"]


def test_a_void_promise_cannot_be_posted(store: Store, vault: Vault) -> None:
    """Void gives the promise back for good; voiding twice is harmless."""
    (request,) = admitted(store, vault, arrival())
    reserve(store, request)

    for _ in range(2):
        store.write(lambda db: account.void(db, f"{request}/1"))

    assert balance(store) == (20, 0)
    with pytest.raises(AccountError, match="not pending"):
        post(store, request)


def test_the_database_itself_refuses_to_oversell(store: Store) -> None:
    """A CHECK stands behind the code."""
    with pytest.raises(IntegrityError):
        store.write(lambda db: db.execute(text("UPDATE contracts SET reserved = 21")))


def test_no_second_posting_whatever_its_id(store: Store, vault: Vault) -> None:
    """One posting a request: an index stands behind the ids."""
    (request,) = admitted(store, vault, arrival())
    again = Change("another", GOLD, "post", -1, "t", "t", request)
    reserve(store, request)
    post(store, request)

    with pytest.raises(IntegrityError):
        store.write(lambda db: account.add(db, again))


def test_what_is_promised_cannot_be_taken_away(store: Store, vault: Vault) -> None:
    """An adjustment never leaves less than what requests under way were promised."""
    (request,) = admitted(store, vault, arrival())
    reserve(store, request, amount=5)
    cut = Change("cut", GOLD, "adjustment", -16, "t", "t")

    with pytest.raises(AccountError, match="promised"):
        store.write(lambda db: account.add(db, cut))

    assert balance(store) == (20, 5)


def test_an_uncounted_contract_never_runs_dry(store: Store, vault: Vault) -> None:
    """Unlimited contracts promise whatever is asked."""
    (request,) = admitted(store, vault, arrival())

    reserve(store, request, contract=UNCOUNTED, amount=1000)

    assert balance(store, UNCOUNTED) == (None, None)


def test_nothing_is_given_back_that_was_not_taken(store: Store, vault: Vault) -> None:
    """A refund without a posting is refused."""
    (request,) = admitted(store, vault, arrival())

    with pytest.raises(AccountError, match="never posted"):
        store.write(lambda db: account.refund(db, request, "r", who="t", why="t"))


def test_a_promise_is_not_made_twice_in_two_ways(store: Store, vault: Vault) -> None:
    """The same id for another amount, or after it was void, is a mistake and is said to be."""
    (request,) = admitted(store, vault, arrival())
    reserve(store, request)

    with pytest.raises(AccountError, match="promised otherwise"):
        reserve(store, request, amount=2)
    store.write(lambda db: account.void(db, f"{request}/1"))
    with pytest.raises(AccountError, match="void"):
        reserve(store, request)
