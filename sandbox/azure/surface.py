"""Tells Azure's calls apart for faults and journal. Answers none of them.

Reading a ticket by the name that its owner chose is a read and a look-up at once.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

import orjson
from starlette.responses import Response

from sandbox.azure.answers import CODES, error
from sandbox.azure.model import AzureSupport
from sandbox.azure.operations import Operations
from sandbox.call import Call
from sandbox.heard import Heard

PATH = re.compile(
    r"/azure(/subscriptions/[^/]+)?/providers/Microsoft\.Support/(\w+)/?([^/]*)(/.*)?"
)
WRITES = {"PUT": ("update",), "PATCH": ("update",), "POST": ("lookup",)}


class AzureSurface:
    """Azure's side of the gate."""

    def __init__(self, support: AzureSupport, operations: Operations) -> None:
        self._support = support
        self._operations = operations
        self._heard = Heard()

    def describe(self, call: Call, query: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
        del query, headers
        self._read_body(call, body)
        found = PATH.fullmatch(call.path)
        if found is None:
            return
        scope, kind, name, below = found[1] or "", found[2], unquote(found[3]), found[4]
        if kind.startswith("operation"):
            call.operations = ("poll",)
            operation = self._operations.get(name)
            scope, name = (operation.scope, operation.ticket) if operation else (scope, "")
        else:
            call.operations = operations_of(call.method, kind, name, below)
        if name and kind != "services":
            call.key = name
            self._about(call, scope)

    def remember(self, call: Call) -> None:
        self._heard.remember(call)

    def error(self, status: int, code: str | None, message: str | None) -> Response:
        code = code or CODES.get(status, "ServiceError")
        return error(status, code, message or "The request cannot be served now.")

    def _read_body(self, call: Call, body: bytes) -> None:
        try:
            call.document = orjson.loads(body) if body else None
        except orjson.JSONDecodeError:
            return

    def _about(self, call: Call, scope: str) -> None:
        properties = call.document.get("properties") if isinstance(call.document, dict) else None
        ticket = self._support.known(scope, call.key or "")
        heard = self._heard.recall(call.key or "")
        if "create" in call.operations and isinstance(properties, dict):
            call.text = f"{properties.get('title')}\n{properties.get('description')}"
        elif ticket:
            call.text = ticket.text
        elif heard:
            call.text = heard.text


def operations_of(method: str, kind: str, name: str, below: str | None) -> tuple[str, ...]:
    if kind == "supportTickets" and not below:
        if method == "PUT":
            return ("create",)
        if method == "GET":
            return ("lookup", "read") if name else ("list", "read")
    return WRITES.get(method, ("read",))
