"""What every message by HTTP passes: size, time, sender, and how much that one posts."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ledger.senders import Sender
from workers.admittance import confined, identify, refused
from workers.app import App
from workers.listeners.http.credentials import claim, covered
from workers.listeners.http.problems import Refusal
from workers.listeners.http.rates import Buckets
from workers.listeners.http.reading import body, read

KEPT_BYTES = 4
"""How many times the size limit is still read, so that what is too large can be kept."""
UNREAD = 1
"""As many times, where nobody is let in who is not known."""


class Door:
    """The way in of one process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._buckets = Buckets(app.limits.sender_per_s)

    async def take(self, request: Request) -> list[Parsed]:
        """Give what was posted, refused where it is not the sender's to send; raise `Refusal`."""
        raw = await self._body(request)
        try:
            sender = await self._sender(request, raw)
            covered(request)
        except Malformed as fault:
            return [refused(fault, Parsed(raw, fault))]
        limit = self._app.limits.message_bytes
        items = await run_in_threadpool(read, request, raw, limit, sender)
        self._buckets.owe(_payer(request, sender), len(items) - 1)
        return [confined(sender, item) for item in items]

    async def reader(self, request: Request, number: str) -> Sender | None:
        """Give whose requests are shown; None: anyone's. Raise `Refusal` for who is not known."""
        try:
            sender = await self._sender(request, b"")
        except Malformed as fault:
            raise Refusal(401, fault.code, fault.message) from None
        shown = claim(request, b"").signed
        if shown is not None and shown.id != number:
            words = "to ask for a request, sign its number as webhook-id over an empty body"
            raise Refusal(401, "unauthorised", words)
        return sender

    async def _body(self, request: Request) -> bytes:
        shown = claim(request, b"").key is not None
        times = KEPT_BYTES if shown or not self._app.registered else UNREAD
        limits = self._app.limits
        return await body(request, limits.message_bytes * times, limits.http_read_s)

    async def _sender(self, request: Request, raw: bytes) -> Sender | None:
        """Identify the sender, and take a token off it, or off the address of who is not known."""
        try:
            found = await run_in_threadpool(identify, self._app, claim(request, raw))
        except Malformed:
            self._spend(_payer(request, None))
            raise
        self._spend(_payer(request, found))
        return found

    def _spend(self, payer: str) -> None:
        if wait_s := self._buckets.wait_s(payer):
            words = f"too many messages at a time; nothing of this one is stored, wait {wait_s} s"
            raise Refusal(429, "too_many", words, {"Retry-After": str(wait_s)})


def _payer(request: Request, sender: Sender | None) -> str:
    if sender is not None:
        return f"sender {sender.name}"
    return f"address {request.client.host if request.client else ''}"
