"""Tells the bridge's calls apart for faults and journal. Answers none of them."""

from __future__ import annotations

from urllib.parse import parse_qs

import orjson
from starlette.responses import Response

from sandbox.bridge.model import Bridge, Ticket
from sandbox.bridge.problems import problem
from sandbox.call import PORTALS, Call
from sandbox.heard import Heard

TICKETS = "/bridge/v1/tickets"


class BridgeSurface:
    """The bridge's side of the gate."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._heard = Heard()

    def describe(self, call: Call, query: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
        if call.method == "POST":
            call.operations = ("create",)
            call.key = headers.get(b"idempotency-key", b"").decode("latin-1") or None
            self._read_body(call, body)
        elif call.path == TICKETS:
            self._read_query(call, parse_qs(query.decode("latin-1")))
        else:
            ticket = self._bridge.by_number(call.path.rpartition("/")[2])
            call.key = ticket.key if ticket else None
            self._about(call, ticket)

    def remember(self, call: Call) -> None:
        self._heard.remember(call)

    def error(self, status: int, code: str | None, message: str | None) -> Response:
        return problem(status, code, message)

    def _read_body(self, call: Call, body: bytes) -> None:
        try:
            call.document = orjson.loads(body)
        except orjson.JSONDecodeError:
            return
        if isinstance(call.document, dict):
            call.portal = named(call.document.get("portal"), call)
            call.text = f"{call.document.get('title')}\n{call.document.get('description')}"

    def _read_query(self, call: Call, asked: dict[str, list[str]]) -> None:
        call.key = asked.get("key", [None])[0]
        if call.key is None:
            call.operations = ("list", "read")
            call.portal = named(asked.get("portal", [None])[0], call)
            return
        call.operations = ("lookup",)
        self._about(call, self._bridge.by_key(call.key))

    def _about(self, call: Call, ticket: Ticket | None) -> None:
        heard = self._heard.recall(call.key or "")
        subject = self._bridge.subject_of(ticket) if ticket else heard
        if subject:
            call.portal, call.text = subject.portal, subject.text


def named(portal: object, call: Call) -> str:
    """Give the portal that the call names, if there is such a one."""
    return next((one for one in PORTALS if one == portal), call.portal)
