"""The outermost door: latency, faults, journal, and one commit before any answer leaves.

An ASGI app around the app. Knows no portal beyond the surface it is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate

from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.call import Call
from sandbox.clock import Clock
from sandbox.delivery import Faulty, Outcome, Surface
from sandbox.exchange import Answer, Exchange
from sandbox.fault_book import FaultBook
from sandbox.journal import Journal
from sandbox.store import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """What every call passes by."""

    book: FaultBook
    journal: Journal
    store: Store
    clock: Clock
    latency_s: float


def first_part(path: str) -> str:
    return path.lstrip("/").partition("/")[0]


class Gate:
    """`surfaces`: path prefix -> portal side; a path under none of them is a control call."""

    def __init__(self, app: ASGIApp, surfaces: Mapping[str, Surface], desk: Desk) -> None:
        self._app = app
        self._surfaces = surfaces
        self._desk = desk
        #: Set when the server is told to stop: answers held back are given up.
        self.closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange(scope, receive, send)
        body = await exchange.body()
        surface = self._surfaces.get(first_part(scope["path"]))
        if surface:
            outcome = await self._portal(surface, exchange, body)
        else:
            outcome = Outcome(await exchange.run(self._app, body))
        # Nobody hears of anything that a kill -9 could still undo.
        self._desk.store.commit()
        await self._carry_out(outcome, exchange)

    async def _portal(self, surface: Surface, exchange: Exchange, body: bytes) -> Outcome:
        scope = exchange.scope
        call = Call(scope["method"], scope["path"], first_part(scope["path"]), ("read",))
        surface.describe(call, scope["query_string"], dict(scope["headers"]), body)
        scope.setdefault("state", {})["call"] = call
        fault = self._desk.book.take(call)
        if fault is None:
            outcome = Outcome(await exchange.run(self._app, body), late_s=self._desk.latency_s)
        else:
            if "create" in call.operations:
                surface.remember(call)
            faulty = Faulty(fault, call, surface, self._desk.clock())
            outcome = await faulty.outcome(lambda: exchange.run(self._app, body))
        self._desk.journal.write(call, outcome.status, fault.kind if fault else None)
        return outcome

    async def _carry_out(self, outcome: Outcome, exchange: Exchange) -> None:
        late = outcome.late_s
        if outcome.answer is None or (late and not await exchange.stays(late, self.closing)):
            await exchange.cut()
        elif outcome.half:
            await exchange.reply_cut(self._dated(outcome.answer))
        else:
            await exchange.reply(self._dated(outcome.answer))

    def _dated(self, answer: Answer) -> Answer:
        """Say when it was written (RFC 9110, 6.6.1), by the clock that Retry-After goes by."""
        date = formatdate(self._desk.clock(), usegmt=True).encode()
        return replace(answer, headers=[*answer.headers, (b"date", date)])
