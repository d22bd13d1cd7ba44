"""The table of Azure's paths. Holds no state.

Azure support REST, 2024-04-01: every path but the catalogue's exists with a subscription before it
and without.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.azure import shapes
from sandbox.azure.answers import error, json
from sandbox.azure.catalogue import Catalogue, Service
from sandbox.azure.communication_routes import CommunicationRoutes
from sandbox.azure.door import Handler, guarded
from sandbox.azure.refusal import not_found
from sandbox.azure.ticket_routes import TicketRoutes

SERVICES = f"{shapes.PROVIDER}/services"
PROBLEMS = f"{SERVICES}/{{service}}/problemClassifications"


class CatalogueRoutes:
    """Services and their problem classifications."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def services(self, _request: Request) -> Response:
        return json({"value": [shapes.service(it) for it in self._catalogue.services.values()]})

    def service(self, request: Request) -> Response:
        return json(shapes.service(self._service(request)))

    def problems(self, request: Request) -> Response:
        of = self._service(request)
        return json({"value": [shapes.problem(of, each) for each in of.problems.values()]})

    def problem(self, request: Request) -> Response:
        of, name = self._service(request), request.path_params["problem"]
        if name.lower() not in of.problems:
            raise not_found("problem classification", name)
        return json(shapes.problem(of, of.problems[name.lower()]))

    def _service(self, request: Request) -> Service:
        found = self._catalogue.service(request.path_params["service"])
        if found is None:
            raise not_found("service", request.path_params["service"])
        return found


def azure_app(
    catalogue: CatalogueRoutes, tickets: TicketRoutes, messages: CommunicationRoutes
) -> Starlette:
    routes = [
        route("GET", SERVICES, catalogue.services),
        route("GET", f"{SERVICES}/{{service}}", catalogue.service),
        route("GET", PROBLEMS, catalogue.problems),
        route("GET", f"{PROBLEMS}/{{problem}}", catalogue.problem),
    ]
    for scope in ("/subscriptions/{subscription}", ""):
        root = scope + shapes.PROVIDER
        one, all_ = f"{root}/supportTickets/{{ticket}}", f"{root}/supportTickets"
        routes += [
            route("PUT", one, tickets.create),
            route("GET", f"{root}/operationsStatus/{{operation}}", tickets.status),
            route("GET", f"{root}/operationResults/{{operation}}", tickets.result),
            route("GET", one, tickets.read),
            route("PATCH", one, tickets.change),
            route("GET", all_, tickets.list),
            route("POST", f"{root}/checkNameAvailability", tickets.check_name),
            route("POST", f"{one}/checkNameAvailability", messages.check_name),
            route("GET", f"{one}/communications", messages.list),
            route("PUT", f"{one}/communications/{{message}}", messages.create),
            route("GET", f"{one}/communications/{{message}}", messages.read),
        ]
    return Starlette(routes=routes, exception_handlers={404: nowhere, 405: nowhere})


def route(method: str, path: str, handler: Handler) -> Route:
    return Route(path, guarded(handler), methods=[method])


async def nowhere(_request: Request, _error: Exception) -> Response:
    return error(404, "InvalidResourceType", "The resource type could not be found.")
