"""The support service's tickets: created by operations, found by name, never twice. Knows no HTTP.

Azure support REST, 2024-04-01, Support Tickets. What a second PUT of one name does is documented
nowhere; here it finds the first, as a PUT on Resource Manager does for any resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sandbox.azure.catalogue import Catalogue
from sandbox.azure.names import check_ticket_name
from sandbox.azure.operations import Operations, State
from sandbox.azure.plans import Plans, objection
from sandbox.azure.records import Operation, Ticket, key_of
from sandbox.azure.refusal import Refusal, not_found
from sandbox.azure.ticket_fields import check_change, check_new
from sandbox.clock import Clock
from sandbox.numbers import ticket_number
from sandbox.store import Store

KIND = "azure.ticket"


class AzureSupport:
    """Tickets of all subscriptions, and of none."""

    def __init__(
        self, store: Store, clock: Clock, catalogue: Catalogue, operations: Operations, plans: Plans
    ) -> None:
        self._store = store
        self._clock = clock
        self._operations = operations
        self.catalogue = catalogue
        self.plans = plans
        records = [Ticket(**record) for record in store.load(KIND)]
        self._tickets = {ticket.key: ticket for ticket in records}
        self._by_number = {ticket.number: ticket.key for ticket in records}
        self._by_scope: dict[str, dict[str, None]] = {}
        for ticket in records:
            self._by_scope.setdefault(ticket.scope.lower(), {})[ticket.key] = None
        self._count = max((ticket.sequence for ticket in records), default=0)

    def create(
        self,
        scope: str,
        name: str,
        asked: dict[str, Any],
        *,
        on_behalf: bool = False,
        failure: tuple[str, str] | None = None,
    ) -> Ticket | Operation:
        """Start the operation that will make the ticket, or give the ticket made before."""
        check_ticket_name(name)
        check_new(asked, scope, self.catalogue)
        first = self._tickets.get(key_of(scope, name))
        if first:
            operation = self._operation(first)
            state = self._operations.state(operation)
            if state is not State.FAILED:
                return first if state is State.SUCCEEDED else operation
        subscription = scope.rpartition("/")[2]
        plan = self.plans.plan_of(subscription, asked.get("supportPlanId"), on_behalf=on_behalf)
        return self._accept(scope, name, asked, plan, failure)

    def ticket(self, scope: str, name: str) -> Ticket:
        """As anyone may see it: not before its operation has succeeded."""
        ticket = self._tickets.get(key_of(scope, name))
        if ticket is None or self._operations.look(self._operation(ticket)) is not State.SUCCEEDED:
            raise not_found("support ticket", name)
        return ticket

    def tickets(self, scope: str) -> Iterator[Ticket]:
        """Newest first."""
        for key in reversed(self._by_scope.get(scope.lower(), {})):
            ticket = self._tickets[key]
            if self._operations.look(self._operation(ticket)) is State.SUCCEEDED:
                yield ticket

    def change(self, scope: str, name: str, document: object) -> Ticket:
        """Azure support REST, 2024-04-01, Update: flat body, answered at once."""
        ticket, changes = self.ticket(scope, name), check_change(document)
        status = str(changes.pop("status", ticket.status)).lower()
        if ticket.status == "closed" and status == "closed" and changes:
            raise Refusal("UpdateOperationDenied", "The support ticket is closed.")
        severity = str(changes.pop("severity", ticket.severity)).lower()
        contact = ticket.asked["contactDetails"] | changes.pop("contactDetails", {})
        return self._keep(replace(
            ticket, status=status, severity=severity, modified_at=self._clock(),
            asked=ticket.asked | changes | {"contactDetails": contact},
        ))  # fmt: skip

    def close(self, number: str, *, billable: bool) -> Ticket | None:
        """Close from Microsoft's side; None if there is no such ticket."""
        ticket = self._tickets.get(self._by_number.get(number, ""))
        return ticket and self._keep(
            replace(ticket, status="closed", billable=billable, modified_at=self._clock())
        )

    def known(self, scope: str, name: str) -> Ticket | None:
        """Whether or not it may be seen yet; looks at nothing."""
        return self._tickets.get(key_of(scope, name))

    def taken(self, scope: str, name: str) -> bool:
        ticket = self.known(scope, name)
        if ticket is None:
            return False
        return self._operations.state(self._operation(ticket)) is not State.FAILED

    def everything(self) -> Iterator[tuple[Ticket, State]]:
        """Every ticket with its operation's state; looks at nothing."""
        for ticket in self._tickets.values():
            yield ticket, self._operations.state(self._operation(ticket))

    def _accept(
        self, scope: str, name: str, asked: dict[str, Any], plan: str,
        failure: tuple[str, str] | None,
    ) -> Operation:  # fmt: skip
        self._count += 1
        now, severity = self._clock(), str(asked["severity"]).lower()
        number = ticket_number("azure", self._count, now)
        reason = objection(plan, severity)
        end = failure or (("InvalidSupportPlan", reason) if reason else None)
        operation = self._operations.start(scope, name, number, end)
        self._keep(Ticket(
            scope=scope, name=name, number=number, sequence=self._count, operation=operation.id,
            asked=asked, severity=severity, status="open", plan=plan, created_at=now,
            modified_at=now,
        ))  # fmt: skip
        return operation

    def _operation(self, ticket: Ticket) -> Operation:
        operation = self._operations.get(ticket.operation)
        if operation is None:
            raise LookupError(ticket.operation)
        return operation

    def _keep(self, ticket: Ticket) -> Ticket:
        self._tickets[ticket.key] = ticket
        self._by_number[ticket.number] = ticket.key
        self._by_scope.setdefault(ticket.scope.lower(), {})[ticket.key] = None
        self._store.put(KIND, ticket.key, ticket)
        return ticket
