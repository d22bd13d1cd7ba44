"""What becomes of a call under a fault: a table from the kind of fault to an outcome.

Runs the portal where the fault wants the work done; never touches the connection itself.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from starlette.responses import HTMLResponse, Response

from sandbox.call import Call
from sandbox.exchange import Answer, answer_of
from sandbox.fault_kinds import Fault
from sandbox.retry_after import RetryAfter

Work = Callable[[], Awaitable[Answer]]

ERROR_PAGE = """<!doctype html><html><head><title>Service unavailable</title></head>
<body><h2>Our services aren't available right now</h2></body></html>"""


class Surface(Protocol):
    """A portal's side of HTTP, as far as faults need it."""

    def error(self, status: int, code: str | None, message: str | None) -> Response:
        """Put an error into the portal's own envelope."""

    def describe(self, call: Call, query: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
        """Fill in what the call is about, from what its path, query and body say."""

    def remember(self, call: Call) -> None:
        """Keep what a create was about, as it may never become a ticket."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`answer` None: the line is cut instead. `late_s`: wait so long before it is sent."""

    answer: Answer | None
    late_s: float = 0.0
    half: bool = False

    @property
    def status(self) -> int | Literal["dropped"]:
        return self.answer.status if self.answer else "dropped"


class Faulty:
    """One fault about to happen to one call."""

    def __init__(self, fault: Fault, call: Call, surface: Surface, now: float) -> None:
        self._fault = fault
        self._call = call
        self._surface = surface
        self._now = now

    async def outcome(self, work: Work) -> Outcome:
        match self._fault.kind:
            case "drop_before":
                return Outcome(None)
            case "drop_after":
                await work()
                return Outcome(None)
            case "cut_body":
                return Outcome(await work(), half=True)
            case "slow":
                return Outcome(await work(), late_s=self._fault.seconds)
            case "operation_failed":
                # Azure support REST, 2024-04-01: refusals such as InvalidSupportPlan come in the
                # operation's status, after the PUT was accepted.
                code = self._fault.code or "InvalidSupportPlan"
                self._call.failure = (code, self._fault.message or "The ticket was not created.")
                return Outcome(await work())
            case _:
                return Outcome(answer_of(self._refusal()))

    def _refusal(self) -> Response:
        match self._fault.kind:
            case "html":
                return HTMLResponse(ERROR_PAGE)
            case "maintenance":
                wait = self._fault.retry_after or RetryAfter("seconds", 30)
                return self._error(503, "ServiceUnavailable", "Down for maintenance.", wait)
            case "revoked":
                return self._error(401, "InvalidAuthenticationToken", "The token was revoked.")
            case "read_only":
                return self._error(403, "ReadOnly", "The service takes no changes at present.")
            case _:
                fault = self._fault
                return self._error(fault.status, None, None, fault.retry_after)

    def _error(
        self, status: int, code: str | None, text: str | None, wait: RetryAfter | None = None
    ) -> Response:
        response = self._surface.error(
            status, self._fault.code or code, self._fault.message or text
        )
        header = wait.header(self._now) if wait else None
        if header is not None:
            response.headers["Retry-After"] = header
        return response
