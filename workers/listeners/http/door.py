"""What every message by HTTP passes: size, time, sender, and how much that one posts."""

from __future__ import annotations

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from contracts.incoming import Parsed
from contracts.malformed import Malformed
from ledger.senders import Sender
from workers.admittance import confine, identify, refused
from workers.app import App
from workers.listeners.buckets import Buckets
from workers.listeners.http.credentials import claim, covered
from workers.listeners.http.problems import Refusal
from workers.listeners.http.reading import body, read

BURST_S = 10.0
"""A full bucket holds what comes in this time."""
KEPT_BYTES = 4
"""How many times the size limit is still read, so that what is too large can be kept."""
UNREAD = 1
"""As many times, where nobody is let in who is not known."""

Known = Sender | Malformed | None
"""Who sends, or why they are not let in; None is nobody, where anyone is."""


class Door:
    """The way in of one process."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._buckets = Buckets(app.limits.sender_per_s, BURST_S)

    async def take(self, request: Request) -> list[Parsed]:
        """Give what was posted, refused where it is not the sender's to send; raise `Refusal`.

        Who shows a key is known, and has paid, before anything is read; who signs cannot be known
        before, so that meanwhile the address pays.
        """
        signs = claim(request, b"").signed is not None
        known = None if signs else await self._known(request, b"")
        self._spend(_payer(request, known))
        raw = await self._body(request, known)
        if signs:
            known = await self._known(request, raw)
            self._pass_on(request, known)
        if isinstance(known, Malformed):
            return [refused(known, Parsed(raw, known))]
        items = await run_in_threadpool(read, request, raw, self._app.limits.message_bytes, known)
        self._buckets.owe(_payer(request, known), len(items) - 1)
        return await run_in_threadpool(confine, self._app, known, items)

    async def reader(self, request: Request, number: str) -> Sender | None:
        """Give whose requests are shown; None: anyone's. Raise `Refusal` for who is not known."""
        known = await self._known(request, b"")
        self._spend(_payer(request, known))
        if isinstance(known, Malformed):
            raise Refusal(401, known.code, known.message)
        shown = claim(request, b"").signed
        if shown is not None and shown.id != number:
            words = "to ask for a request, sign its number as webhook-id over an empty body"
            raise Refusal(401, "unauthorised", words)
        return known

    async def _body(self, request: Request, known: Known) -> bytes:
        welcome = isinstance(known, Sender) or not self._app.registered
        limits = self._app.limits
        most = limits.message_bytes * (KEPT_BYTES if welcome else UNREAD)
        return await body(request, most, limits.http_read_s)

    async def _known(self, request: Request, raw: bytes) -> Known:
        try:
            found = await run_in_threadpool(identify, self._app, claim(request, raw))
            covered(request)
        except Malformed as fault:
            return fault
        return found

    def _spend(self, payer: str) -> None:
        """Take a token; raise `Refusal` where there is none."""
        if wait_s := self._buckets.wait_s(payer):
            words = f"too many messages at a time; nothing of this one is stored, wait {wait_s} s"
            raise Refusal(429, "too_many", words, {"Retry-After": str(wait_s)})

    def _pass_on(self, request: Request, known: Known) -> None:
        """Have a sender pay that turned out to be known, and not its address."""
        if isinstance(known, Sender):
            self._buckets.owe(_payer(request, None), -1)
            self._spend(_payer(request, known))


def _payer(request: Request, known: Known) -> str:
    if isinstance(known, Sender):
        return f"sender {known.name}"
    return f"address {request.client.host if request.client else ''}"
