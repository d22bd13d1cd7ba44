"""The trace of a journey, as W3C's `traceparent` carries it from process to process."""

from __future__ import annotations

import hashlib


def trace_of(traceparent: str | None) -> str | None:
    """Give the trace id within a `traceparent`."""
    return None if traceparent is None else traceparent.split("-")[1]


def begin_trace(seed: str) -> str:
    """Begin a trace for what came without one; the same seed begins the same."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return f"00-{digest[:32]}-{digest[32:48]}-01"
