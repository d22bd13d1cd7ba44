"""Messages on tickets. Knows no HTTP.

Azure support REST, 2024-04-01, Communications - Create. Recorded 2024: the message comes back under
a GUID of the service's own, Outbound, its subject with the tracking number, its body in <pre>.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.azure.model import AzureSupport
from sandbox.azure.names import check_communication_name
from sandbox.azure.operations import Operations
from sandbox.azure.records import Communication, Operation
from sandbox.azure.refusal import Refusal, not_found
from sandbox.clock import Clock
from sandbox.store import Store

KIND = "azure.communication"
SUBJECT_KEPT = 50


class Communications:
    """By ticket, in the order in which they came."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        support: AzureSupport,
        operations: Operations,
        make_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._support = support
        self._operations = operations
        self._make_id = make_id
        self._all: dict[str, list[Communication]] = {}
        for record in store.load(KIND):
            self._all.setdefault(record["ticket"], []).append(Communication(**record))

    def create(self, scope: str, ticket: str, alias: str, asked: dict[str, Any]) -> Operation:
        on = self._support.ticket(scope, ticket)
        check_communication_name(alias)
        missing = [name for name in ("subject", "body") if not asked.get(name)]
        if missing:
            faults = tuple(f"{name} is required." for name in missing)
            raise Refusal("InvalidParameterValue", "The message is incomplete.", faults)
        if self.taken(scope, ticket, alias):
            raise Refusal("ResourceAlreadyExists", f"There is a communication named {alias}.")
        self._keep(Communication(
            name=self._make_id(), alias=alias, ticket=on.key, sender=asked.get("sender"),
            subject=f"{str(asked['subject'])[:SUBJECT_KEPT]} - TrackingID#{on.number}",
            body=f"<pre>{asked['body']}</pre>", created_at=self._clock(),
        ))  # fmt: skip
        return self._operations.start(scope, on.name, on.number, None)

    def get(self, scope: str, ticket: str, name: str) -> Communication:
        for each in self.of(scope, ticket):
            if name.lower() in (each.alias.lower(), each.name):
                return each
        raise not_found("communication", name)

    def of(self, scope: str, ticket: str) -> list[Communication]:
        """Newest first."""
        return list(reversed(self._all.get(self._support.ticket(scope, ticket).key, [])))

    def taken(self, scope: str, ticket: str, alias: str) -> bool:
        return any(alias.lower() == each.alias.lower() for each in self.of(scope, ticket))

    def _keep(self, communication: Communication) -> None:
        self._all.setdefault(communication.ticket, []).append(communication)
        self._store.put(KIND, communication.name, communication)
