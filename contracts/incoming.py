"""A message that could be read, and a piece of input with what became of it.

Neither shows its content when printed: it may hold secrets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.ids import content_hash, is_request_id, request_id
from contracts.malformed import Malformed
from contracts.request import REQUEST_TYPE, SupportRequest


@dataclass(frozen=True, slots=True)
class Incoming:
    """A support request with the key its sender gave it; `data` is as sent."""

    source: str
    id: str
    request: SupportRequest = field(repr=False)
    data: dict[str, Any] = field(repr=False)
    type: str = REQUEST_TYPE
    subject: str | None = None
    time: datetime | None = None
    traceparent: str | None = None

    def request_id(self) -> str:
        return request_id(self.source, self.id)

    def completes(self) -> str | None:
        """Give the number of the request that this brings missing fields to, if any."""
        return self.subject if self.subject is not None and is_request_id(self.subject) else None

    def content_hash(self) -> str:
        return content_hash(self.data)


@dataclass(frozen=True, slots=True)
class Parsed:
    """One item of an input: the bytes it came in, and the request or what is wrong with it."""

    raw: bytes = field(repr=False)
    outcome: Incoming | Malformed
