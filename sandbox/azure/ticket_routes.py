"""Tickets and operations over HTTP. Holds no state.

Azure support REST, 2024-04-01, Support Tickets; operationsStatus is not in the published
specification but in every recording.
"""

from __future__ import annotations

from itertools import dropwhile, islice

from starlette.requests import Request
from starlette.responses import Response

from sandbox.azure import shapes
from sandbox.azure.answers import accepted, json
from sandbox.azure.door import body_of, page_size, scope_of
from sandbox.azure.model import AzureSupport
from sandbox.azure.names import TYPES, allowed, complaint
from sandbox.azure.odata import parse_filter
from sandbox.azure.operations import Operations, State
from sandbox.azure.records import Operation, Ticket
from sandbox.azure.refusal import Refusal, not_found
from sandbox.azure.ticket_fields import properties_of
from sandbox.azure.urls import next_link, operation_headers


class TicketRoutes:
    """Handlers around one `AzureSupport`."""

    def __init__(self, support: AzureSupport, operations: Operations) -> None:
        self._support = support
        self._operations = operations

    def create(self, request: Request) -> Response:
        made = self._support.create(
            scope_of(request),
            request.path_params["ticket"],
            properties_of(body_of(request)),
            on_behalf="x-ms-authorization-auxiliary" in request.headers,
            failure=request.state.call.failure,
        )
        if isinstance(made, Operation):
            return accepted(operation_headers(request, made))
        return self._shown(made)

    def read(self, request: Request) -> Response:
        return self._shown(self._support.ticket(scope_of(request), request.path_params["ticket"]))

    def change(self, request: Request) -> Response:
        name, document = request.path_params["ticket"], body_of(request)
        return self._shown(self._support.change(scope_of(request), name, document))

    def list(self, request: Request) -> Response:
        """Give a page of 25 tickets, or $top up to 100."""
        test = parse_filter(request.query_params.get("$filter"))
        size, token = page_size(request, default=25, most=100), skip_token(request)
        rest = dropwhile(
            lambda it: token is not None and it.sequence > token,
            self._support.tickets(scope_of(request)),
        )
        page = list(islice(filter(test, rest), size + 1))
        body = {"value": [shapes.ticket(it, self._support.catalogue) for it in page[:size]]}
        if len(page) > size:
            return json(body | {"nextLink": next_link(request, str(page[size].sequence))})
        return json(body)

    def check_name(self, request: Request) -> Response:
        """Tell a name that is not allowed with 200 and reason Invalid (recorded 2024)."""
        name, kind = name_and_type(body_of(request))
        if not allowed(name):
            return json(unavailable("Invalid", complaint(name)))
        if kind.endswith("supportTickets") and self._support.taken(scope_of(request), name):
            return json(unavailable("AlreadyExists", f"Name {name} is already in use."))
        return json({"nameAvailable": True})

    def status(self, request: Request) -> Response:
        operation = self._operation(request)
        return json(shapes.operation(operation, self._operations.look(operation)))

    def result(self, request: Request) -> Response:
        """Azure Resource Manager, "Track asynchronous operations": Location is 202 until done."""
        operation = self._operation(request)
        state = self._operations.look(operation)
        if state is State.IN_PROGRESS:
            return accepted(operation_headers(request, operation))
        if operation.failure:
            raise Refusal(*operation.failure)
        return self._shown(self._support.ticket(operation.scope, operation.ticket))

    def _operation(self, request: Request) -> Operation:
        operation = self._operations.get(request.path_params["operation"])
        if operation is None or operation.scope.lower() != scope_of(request).lower():
            raise not_found("operation", request.path_params["operation"])
        return operation

    def _shown(self, ticket: Ticket) -> Response:
        return json(shapes.ticket(ticket, self._support.catalogue))


def skip_token(request: Request) -> int | None:
    token = request.query_params.get("$skiptoken")
    if token is not None and not token.isdigit():
        raise Refusal("InvalidParameterValue", "$skiptoken is not from a nextLink.")
    return int(token) if token else None


def name_and_type(document: object) -> tuple[str, str]:
    if not isinstance(document, dict) or document.get("type") not in TYPES:
        raise Refusal("InvalidParameterValue", "name and a known type are required.")
    return str(document.get("name") or ""), document["type"]


def unavailable(reason: str, message: str) -> dict[str, object]:
    return {"nameAvailable": False, "reason": reason, "message": message}
