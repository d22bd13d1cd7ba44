"""What comes of comparing a portal's tickets with the ledger, and in which words it is told.

Never compares anything itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from ledger.states import State


class Finding(StrEnum):
    """What a ticket, or the lack of one, comes down to."""

    AGREES = "agrees"
    ADOPTED = "adopted"
    """A ticket was found for a request that had none."""
    TO_COME = "will_be_found"
    """The request is not filed yet, and finds this ticket when it is."""
    UNDER_WAY = "under_way"
    """A worker has the request in hand."""
    UNEXPLAINED = "unexplained"


@dataclass(frozen=True, slots=True)
class Item:
    """One request's comparison; `number` is the portal's for its ticket, if it has one.

    `code` names what is unexplained, `says` and `remedy` tell a person.
    """

    request: str
    number: str | None
    finding: Finding
    code: str | None = None
    says: str = ""
    remedy: str = ""
    source: str | None = None
    sender_id: str | None = None


UNKNOWN = "unknown_request"
CLOSE = "close the ticket at the portal if nobody wants it"
AGAINST: dict[State, str] = {
    State.INCOMPLETE: "have its sender supply what is missing: then it takes up this ticket",
    State.HELD: "settle what it waits for: then it takes up this ticket",
    State.HANDED_OVER: "report this number for its work order",
    State.REJECTED: f"{CLOSE}; a request that is decided again takes it up",
    State.FAILED: f"{CLOSE}; a request that is filed again takes it up",
    State.CANCELLED: CLOSE,
}
"""States in which there should be no ticket, and what to do about one."""


def unknown(request: str, number: str) -> Item:
    says = "the ledger does not know the request"
    remedy = (
        "have its sender send it again under the same source and id: it takes up this very"
        " ticket, and files nothing"
    )
    return _unexplained(request, number, UNKNOWN, says, remedy)


def named(item: Item, source: str, sender_id: str) -> Item:
    """Say who sent the request that the ledger does not know."""
    remedy = (
        f"have {source} send its {sender_id} again, unchanged: it takes up this very ticket,"
        " and files nothing"
    )
    return replace(item, remedy=remedy, source=source, sender_id=sender_id)


def against_state(request: str, number: str, state: State) -> Item:
    says = f"the request is {state}, and the portal has a ticket for it"
    return _unexplained(request, number, f"ticket_while_{state}", says, AGAINST.get(state, CLOSE))


def other_number(request: str, number: str, ledgers: str) -> Item:
    says = f"the ledger has {ledgers} for this request"
    remedy = "find out which of the two its sender works with, and close the other at its portal"
    return _unexplained(request, number, "other_number", says, remedy)


def anothers(request: str, number: str, owner: str) -> Item:
    says = f"the ledger has this ticket for {owner}"
    remedy = "find out at the portal whose it is; ask whoever runs the bridge why it has two keys"
    return _unexplained(request, number, "anothers_ticket", says, remedy)


def several(request: str, numbers: Collection[str]) -> Item:
    says = f"the portal has more than one ticket for it: {', '.join(sorted(numbers))}"
    remedy = (
        "keep the one its sender works with, by requests settle if the ledger has none, and close"
        " the others at the portal"
    )
    return _unexplained(request, min(numbers), "several_tickets", says, remedy)


def elsewhere(request: str, number: str) -> Item:
    says = "the portal lists the ticket, and does not find it where the request would be filed"
    remedy = "see at the portal whose it is; if it is this request's, requests settle says so"
    return _unexplained(request, number, "found_elsewhere", says, remedy)


def missing(request: str, number: str) -> Item:
    says = f"the ledger has {number}, and the portal has no ticket for the request"
    remedy = "find out at the portal what became of it; the incident may have to be given back"
    return _unexplained(request, None, "missing_at_portal", says, remedy)


def not_charged(request: str, number: str, why: str) -> Item:
    says = f"the ticket cannot be written down: {why}"
    remedy = "toritsugi ledger verify and requests show tell more"
    return _unexplained(request, number, "cannot_be_charged", says, remedy)


def _unexplained(request: str, number: str | None, code: str, says: str, remedy: str) -> Item:
    return Item(request, number, Finding.UNEXPLAINED, code, says, remedy)
