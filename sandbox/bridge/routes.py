"""The bridge over HTTP: `/v1/tickets`. Holds no state.

POST /v1/tickets            Idempotency-Key: KEY    201 new, 200 the same again, 409 other body
GET  /v1/tickets?key=KEY    200 {"tickets": []}: proven not there
GET  /v1/tickets?portal=    200 a page of a portal's tickets, those of &created_since= or later;
                            where "next" is not null, &cursor= asks on with it
GET  /v1/tickets/{number}   200 or 404
"""

from __future__ import annotations

from collections.abc import Callable

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bearer import token_in
from sandbox.bridge.fields import PORTALS
from sandbox.bridge.model import Bridge, KeyReused, Ticket, Unprocessable
from sandbox.bridge.problems import problem
from sandbox.clock import seconds_of, utc_text

JSON = "application/json"
PAGE = 100
EVER = "1970-01-01"
Handler = Callable[[Request], Response]


class BridgeRoutes:
    """Handlers around one `Bridge`."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/v1/tickets", guarded(self.create), methods=["POST"]),
                Route("/v1/tickets", guarded(self.find), methods=["GET"]),
                Route("/v1/tickets/{number}", guarded(self.read), methods=["GET"]),
            ],
            exception_handlers={404: not_found, 405: not_found},
        )

    def create(self, request: Request) -> Response:
        key, asked = request.headers.get("idempotency-key"), request.state.call.document
        if not key:
            return problem(400, "idempotency_key_required", "Send an Idempotency-Key header.")
        if not isinstance(asked, dict):
            return problem(400, "invalid_json", "The body is one JSON object.")
        try:
            ticket, new = self._bridge.create(key, asked)
        except KeyReused:
            return problem(409, "idempotency_key_reused", "The key was used with another body.")
        except Unprocessable as refused:
            errors = [{"code": code, "detail": detail} for code, detail in refused.faults]
            return problem(422, refused.faults[0][0], str(refused), errors=errors)
        return Response(orjson.dumps(shown(ticket, request)), 201 if new else 200, None, JSON)

    def find(self, request: Request) -> Response:
        key, portal = request.query_params.get("key"), request.query_params.get("portal")
        if key:
            ticket = self._bridge.by_key(key)
            found = [shown(ticket, request)] if ticket else []
            return Response(orjson.dumps({"tickets": found}), media_type=JSON)
        if portal not in PORTALS:
            return problem(400, "key_required", "Ask with ?key= or ?portal=.")
        try:
            since = seconds_of(request.query_params.get("created_since", EVER))
            first = int(request.query_params.get("cursor", "0"))
        except ValueError:
            return problem(400, "query_invalid", "created_since is RFC 3339, cursor was a next.")
        tickets, end = self._bridge.listed(portal, since), first + PAGE
        body = {
            "tickets": [shown(each, request) for each in tickets[first:end]],
            "next": str(end) if end < len(tickets) else None,
        }
        return Response(orjson.dumps(body), media_type=JSON)

    def read(self, request: Request) -> Response:
        ticket = self._bridge.by_number(request.path_params["number"])
        if ticket is None:
            return problem(404, "ticket_not_found", "There is no ticket of this number.")
        return Response(orjson.dumps(shown(ticket, request)), media_type=JSON)


def guarded(handler: Handler) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        token = token_in(request.headers.get("authorization"))
        if token is None:
            return problem(401, "token_missing", "Send a bearer token.")
        if token == "revoked":  # noqa: S105 - the one token the sandbox refuses by name
            return problem(401, "token_revoked", "The token was revoked.")
        return handler(request)

    return endpoint


async def not_found(_request: Request, _error: Exception) -> Response:
    return problem(404, "not_found", "There is nothing here.")


def shown(ticket: Ticket, request: Request) -> dict[str, object]:
    host, root = request.headers.get("host", ""), request.scope.get("root_path", "")
    return {
        "key": ticket.key,
        "number": ticket.number,
        "portal": ticket.portal,
        "title": ticket.title,
        "severity": ticket.severity,
        "status": ticket.status,
        "billable": ticket.billable,
        "url": f"http://{host}{root}/v1/tickets/{ticket.number}",
        "first_response_due": utc_text(ticket.first_response_due),
        "created_at": utc_text(ticket.created_at),
    }
