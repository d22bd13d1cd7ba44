"""Messages on tickets over HTTP. Holds no state.

Azure support REST, 2024-04-01, Communications.
"""

from __future__ import annotations

from itertools import islice

from starlette.requests import Request
from starlette.responses import Response

from sandbox.azure import shapes
from sandbox.azure.answers import accepted, json
from sandbox.azure.communications import Communications
from sandbox.azure.door import body_of, page_size, scope_of
from sandbox.azure.model import AzureSupport
from sandbox.azure.ticket_fields import properties_of
from sandbox.azure.ticket_routes import name_and_type, skip_token, unavailable
from sandbox.azure.urls import next_link, operation_headers


class CommunicationRoutes:
    """Handlers around one `Communications`."""

    def __init__(self, support: AzureSupport, communications: Communications) -> None:
        self._support = support
        self._communications = communications

    def create(self, request: Request) -> Response:
        scope, path = scope_of(request), request.path_params
        asked = properties_of(body_of(request))
        operation = self._communications.create(scope, path["ticket"], path["message"], asked)
        return accepted(operation_headers(request, operation))

    def read(self, request: Request) -> Response:
        scope, path = scope_of(request), request.path_params
        found = self._communications.get(scope, path["ticket"], path["message"])
        return json(shapes.communication(found, self._support.ticket(scope, path["ticket"])))

    def list(self, request: Request) -> Response:
        """At most ten to a page."""
        scope, name = scope_of(request), request.path_params["ticket"]
        on, size = self._support.ticket(scope, name), page_size(request, default=10, most=10)
        skip = skip_token(request) or 0
        page = list(islice(self._communications.of(scope, name), skip, skip + size + 1))
        body = {"value": [shapes.communication(each, on) for each in page[:size]]}
        if len(page) > size:
            return json(body | {"nextLink": next_link(request, str(skip + size))})
        return json(body)

    def check_name(self, request: Request) -> Response:
        name, _ = name_and_type(body_of(request))
        if self._communications.taken(scope_of(request), request.path_params["ticket"], name):
            return json(unavailable("AlreadyExists", f"Name {name} is already in use."))
        return json({"nameAvailable": True})
