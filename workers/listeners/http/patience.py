"""How long a client may take over the head of a message, and how large that may be.

A connection that says nothing, or says it too slowly, is closed; a body has its own time.
"""

from __future__ import annotations

import asyncio

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_BYTES = 65_536


class Patient(HttpToolsProtocol):
    """Uvicorn's protocol, that closes a connection whose message has no head in time."""

    within_s: float
    _late: asyncio.TimerHandle | None = None
    _head = 0

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    @override
    def data_received(self, data: bytes) -> None:
        if self._idle():
            self._head += len(data)
            self._expect()
        super().data_received(data)
        if not self._idle():
            self._stop_expecting()
        elif self._head > HEAD_BYTES:
            self.transport.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_expecting()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        """Whether no message is being answered: what comes now is a head."""
        cycle: RequestResponseCycle | None = self.cycle  # None before the first message
        return cycle is None or cycle.response_complete

    def _expect(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.within_s, self._give_up)

    def _stop_expecting(self) -> None:
        self._head = 0
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self._idle() and not self.transport.is_closing():
            self.transport.close()


def patient(within_s: float) -> type[Patient]:
    """Give the protocol with so much patience; uvicorn wants a class."""
    return type("Patient", (Patient,), {"within_s": within_s})
