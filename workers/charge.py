"""A request's dealings with the account: its promise, its posting, and the events these cause."""

from __future__ import annotations

from contracts.event_data import Deducted
from ledger import account
from ledger.outbox import Note
from ledger.requests import Claim
from ledger.store import Connection


def reserve(db: Connection, claim: Claim) -> None:
    """Promise what the decision costs; raise `NoIncidentsLeft` when the contract has run dry."""
    if claim.row.incidents:
        account.reserve(
            db,
            _reservation(claim),
            contract=claim.row.contract,
            request=claim.id,
            amount=claim.row.incidents,
        )


def release(db: Connection, claim: Claim) -> bool:
    """Give the promise back; say whether there was one."""
    return account.void(db, _reservation(claim))


def post(db: Connection, claim: Claim, why: str, who: str) -> list[Note]:
    """Deduct what was promised; give the event that says so."""
    if not claim.row.incidents:
        return []
    entry = account.post(db, _reservation(claim), f"{claim.id}/post", who=who, why=why)
    says = {
        "contract": entry.contract_name,
        "amount": -entry.amount,
        "balance": entry.balance,
        "entry": entry.id,
    }
    return [Note(Deducted, says)]


def _reservation(claim: Claim) -> str:
    """One promise for each decision: a request decided anew may need another contract."""
    return f"{claim.id}/{claim.row.decisions}"
