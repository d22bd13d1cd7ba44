"""What an HTTP message shows of its sender: an API key, or a signature as in Standard Webhooks."""

from __future__ import annotations

from fastapi import Request

from contracts.malformed import Fault, Malformed
from workers.admittance import NOBODY, Claim, Signed
from workers.listeners.http.formats import DATA
from workers.listeners.http.reading import content_type

SENDER = "webhook-sender"
"""Which registered sender signed."""
KEYS = ("idempotency-key", "ce-id")
"""By which a body that is no whole event is known: a signature does not cover headers."""


def claim(request: Request, raw: bytes) -> Claim:
    """Give what is shown; other schemes of Authorization are not ours, and count as nothing."""
    scheme, _, key = request.headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return Claim(key=key.strip())
    if "webhook-signature" not in request.headers:
        return NOBODY
    signed = Signed(
        id=request.headers.get("webhook-id", ""),
        timestamp=request.headers.get("webhook-timestamp", ""),
        signature=request.headers["webhook-signature"],
        body=raw,
    )
    return Claim(name=request.headers.get(SENDER, ""), signed=signed)


def covered(request: Request) -> None:
    """Raise Malformed when what was signed could be sent again as another request.

    The number that is signed has to be the request's own, where that stands in a header.
    """
    signed = claim(request, b"").signed
    if signed is None or content_type(request) != DATA:
        return
    keys = {request.headers[name].strip() for name in KEYS if name in request.headers}
    if keys - {signed.id} or "ce-subject" in request.headers:
        words = (
            "is not proven: sign bare data with its own number as webhook-id; what completes a"
            " request has to be a whole event"
        )
        raise Malformed("unauthorised", Fault("sender", words))
