"""Asynchronous operations: how long they are in progress, and how they end. Knows no HTTP.

Recorded 2024: the first look at operationsStatus shows InProgress, a later one Succeeded. Any look
at the operation or at its ticket counts, so that a ticket nobody polls for still comes to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.azure.records import Operation
from sandbox.clock import Clock
from sandbox.store import Store

KIND = "azure.operation"


class State(StrEnum):
    """As Azure's page on asynchronous operations spells them."""

    IN_PROGRESS = "InProgress"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """An operation ends after so many looks that found it in progress, and not before so long."""

    looks: int = 1
    seconds: float = 0.0


class Operations:
    """All operations, by id."""

    def __init__(
        self, store: Store, clock: Clock, rhythm: Rhythm, make_id: Callable[[], str]
    ) -> None:
        self._store = store
        self._clock = clock
        self._rhythm = rhythm
        self._make_id = make_id
        self._all = {record["id"]: restored(record) for record in store.load(KIND)}

    def start(
        self, scope: str, ticket: str, number: str, failure: tuple[str, str] | None
    ) -> Operation:
        return self._keep(Operation(
            id=self._make_id(), scope=scope, ticket=ticket, number=number,
            started_at=self._clock(), failure=failure,
        ))  # fmt: skip

    def get(self, operation_id: str) -> Operation | None:
        return self._all.get(operation_id.lower())

    def state(self, operation: Operation) -> State:
        aged = self._clock() - operation.started_at >= self._rhythm.seconds
        if operation.looks < self._rhythm.looks or not aged:
            return State.IN_PROGRESS
        return State.FAILED if operation.failure else State.SUCCEEDED

    def look(self, operation: Operation) -> State:
        """Tell the state, and count the look if the operation is still going."""
        state = self.state(operation)
        if state is State.IN_PROGRESS:
            self._keep(replace(operation, looks=operation.looks + 1))
        return state

    def _keep(self, operation: Operation) -> Operation:
        self._all[operation.id] = operation
        self._store.put(KIND, operation.id, operation)
        return operation


def restored(record: dict[str, object]) -> Operation:
    failure = record.pop("failure")
    ends = tuple(map(str, failure)) if isinstance(failure, list) else None
    return Operation(**record, failure=ends)  # type: ignore[arg-type]  # our own record, read back
