"""What an HTTP message shows of its sender: an API key, or a signature as in Standard Webhooks."""

from __future__ import annotations

from fastapi import Request

from workers.admittance import NOBODY, Claim, Signed

SENDER = "webhook-sender"
"""Which registered sender signed."""


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
