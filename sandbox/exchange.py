"""One HTTP request and its reply on one TCP connection, with the connection within reach.

ASGI has no word for "cut the line", so uvicorn's protocol hands its transport over as an ASGI
extension. Decides nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "sandbox.connection"


class CuttableProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, with the TCP transport in the scope."""

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"transport": self.transport}}


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole reply, not yet sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def answer_of(response: Response) -> Answer:
    return Answer(response.status_code, response.raw_headers, bytes(response.body))


class Exchange:
    """Reads the request once; then exactly one of `reply`, `reply_cut` and `cut`."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive = receive
        self._send = send

    async def body(self) -> bytes:
        parts = []
        while True:
            message = await self._receive()
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                return b"".join(parts)

    async def run(self, app: ASGIApp, body: bytes) -> Answer:
        """Have the app answer, and keep the answer back."""
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await app(self.scope, receive, send)
        start, *chunks = messages
        whole = b"".join(chunk.get("body", b"") for chunk in chunks)
        return Answer(start["status"], list(start["headers"]), whole)

    async def reply(self, answer: Answer) -> None:
        await self._start(answer)
        await self._send({"type": "http.response.body", "body": answer.body})

    async def reply_cut(self, answer: Answer) -> None:
        """Promise the whole body, send half of it, hang up."""
        await self._start(answer)
        half = answer.body[: len(answer.body) // 2]
        await self._send({"type": "http.response.body", "body": half, "more_body": True})
        self._transport().close()
        await self.gone()

    async def cut(self) -> None:
        """Hang up without a word."""
        self._transport().abort()
        await self.gone()

    async def gone(self) -> Literal[True]:
        """Wait until the connection is down, or uvicorn would try to answer in our place."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        return True

    async def stays(self, seconds: float, closing: asyncio.Event) -> bool:
        """Wait; false as soon as the other side hangs up first, or the sandbox is to stop."""
        ends = [asyncio.ensure_future(self.gone()), asyncio.ensure_future(closing.wait())]
        done, rest = await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in rest:
            end.cancel()
        return not done

    async def _start(self, answer: Answer) -> None:
        await self._send(
            {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
        )

    def _transport(self) -> asyncio.Transport:
        extension: dict[str, Any] = self.scope["extensions"][EXTENSION]
        transport: asyncio.Transport = extension["transport"]
        return transport
