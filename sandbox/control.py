"""The sandbox's own paths under `/_sandbox`: look from outside, close tickets, script faults.

No portal has these. They ask for no token and are kept out of the journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.azure.model import AzureSupport
from sandbox.azure.operations import State
from sandbox.bridge.model import Bridge
from sandbox.clock import utc_text
from sandbox.fault_book import FaultBook
from sandbox.fault_kinds import UnreadableFault
from sandbox.faults import rules_of
from sandbox.journal import Journal


class Control:
    """Handlers over everything there is."""

    def __init__(
        self, azure: AzureSupport, bridge: Bridge, book: FaultBook, journal: Journal
    ) -> None:
        self._azure = azure
        self._bridge = bridge
        self._book = book
        self._journal = journal

    def routes(self) -> list[Route]:
        return [
            Route("/health", self.health, methods=["GET"]),
            Route("/tickets", self.tickets, methods=["GET"]),
            Route("/tickets/{number}/close", self.close, methods=["POST"]),
            Route("/journal", self.journal, methods=["GET"]),
            Route("/faults", self.list_faults, methods=["GET"]),
            Route("/faults", self.add_faults, methods=["POST"]),
            Route("/faults", self.clear_faults, methods=["DELETE"]),
        ]

    async def health(self, _request: Request) -> Response:
        return json({"status": "ok"})

    async def tickets(self, _request: Request) -> Response:
        """Every ticket; one whose operation failed never was, one in progress is `creating`."""
        return json({"tickets": [*self._azure_tickets(), *self._bridge_tickets()]})

    async def close(self, request: Request) -> Response:
        number = request.path_params["number"]
        body = read_json(await request.body())
        billable = body.get("billable") if isinstance(body, dict) else None
        if not isinstance(billable, bool):
            return json({"error": 'send {"billable": true} or {"billable": false}'}, 400)
        closed = (
            self._azure.close(number, billable=billable)
            or self._bridge.close(number, billable=billable)
        )  # fmt: skip
        if closed is None:
            return json({"error": f"no ticket {number}"}, 404)
        return json({"number": number, "status": "closed", "billable": billable})

    async def journal(self, request: Request) -> Response:
        """All calls, or with ?after=N those behind the first N."""
        after = request.query_params.get("after", "0")
        if not after.isdigit():
            return json({"error": "after is a whole number"}, 400)
        return json({"calls": self._journal.entries[int(after) :]})

    async def list_faults(self, _request: Request) -> Response:
        return json({"rules": self._book.listing()})

    async def add_faults(self, request: Request) -> Response:
        try:
            self._book.add(rules_of(yaml.safe_load(await request.body())))
        except (UnreadableFault, yaml.YAMLError) as broken:
            return json({"error": str(broken)}, 422)
        return json({"rules": self._book.listing()}, 201)

    async def clear_faults(self, _request: Request) -> Response:
        self._book.clear()
        return json({"rules": []})

    def _azure_tickets(self) -> Iterator[dict[str, Any]]:
        for ticket, state in self._azure.everything():
            if state is not State.FAILED:
                status = "creating" if state is State.IN_PROGRESS else ticket.status
                yield {
                    "portal": "azure", "key": ticket.name, "number": ticket.number,
                    "title": ticket.asked["title"], "status": status, "billable": ticket.billable,
                    "created_at": utc_text(ticket.created_at),
                }  # fmt: skip

    def _bridge_tickets(self) -> Iterator[dict[str, Any]]:
        for ticket in self._bridge:
            yield {
                "portal": ticket.portal, "key": ticket.key, "number": ticket.number,
                "title": ticket.title, "status": ticket.status, "billable": ticket.billable,
                "created_at": utc_text(ticket.created_at),
            }  # fmt: skip


def json(body: object, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")


def read_json(body: bytes) -> object:
    try:
        parsed: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return parsed
