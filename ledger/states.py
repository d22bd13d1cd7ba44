"""The states of a request and every move there is: the one table, drawn in `docs/states.md`.

Never moves anything itself; `ledger.requests.move` asks here first.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    HELD = "held"
    REJECTED = "rejected"
    QUEUED = "queued"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    HANDED_OVER = "handed_over"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


_S = State

MOVES: dict[State, frozenset[State]] = {
    _S.RECEIVED: frozenset(
        {_S.QUEUED, _S.INCOMPLETE, _S.HELD, _S.REJECTED, _S.FAILED, _S.CANCELLED}
    ),
    _S.INCOMPLETE: frozenset({_S.RECEIVED, _S.CANCELLED}),
    _S.HELD: frozenset(
        {_S.RECEIVED, _S.QUEUED, _S.INCOMPLETE, _S.REJECTED, _S.FAILED, _S.CANCELLED}
    ),
    _S.REJECTED: frozenset({_S.RECEIVED, _S.CANCELLED}),
    _S.QUEUED: frozenset({_S.SUBMITTING, _S.RECEIVED, _S.FAILED, _S.CANCELLED}),
    _S.SUBMITTING: frozenset({_S.SUBMITTED, _S.QUEUED, _S.HANDED_OVER, _S.UNCERTAIN, _S.FAILED}),
    _S.HANDED_OVER: frozenset({_S.SUBMITTED, _S.FAILED, _S.CANCELLED}),
    _S.UNCERTAIN: frozenset({_S.SUBMITTED, _S.QUEUED, _S.FAILED}),
    _S.FAILED: frozenset({_S.RECEIVED, _S.CANCELLED}),
    _S.SUBMITTED: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.CANCELLED: frozenset(),
}
"""From each state, the states it may move to."""

SETTLED = frozenset(
    {_S.INCOMPLETE, _S.REJECTED, _S.SUBMITTED, _S.UNCERTAIN, _S.FAILED, _S.CANCELLED, _S.CLOSED}
)
"""States in which no machine has anything to do by itself before someone outside acts."""


class ForbiddenMoveError(Exception):
    """The table of moves has no such move."""


def check(origin: State, to: State) -> None:
    """Raise `ForbiddenMoveError` unless the table allows the move."""
    if to not in MOVES[origin]:
        allowed = ", ".join(sorted(MOVES[origin])) or "nothing"
        raise ForbiddenMoveError(f"a request that is {origin} moves to {allowed}, not to {to}")
