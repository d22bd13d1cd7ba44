"""What the event stream said of a load: which event came for which request, when, how often.

Judges nothing but whether all that was awaited is there; see `bench.exactness`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from contracts.event_data import Accepted, Deducted, Submitted

AWAITED = (Accepted.TYPE, Submitted.TYPE, Deducted.TYPE)


@dataclass(slots=True)
class Tally:
    """Events read back; times are those of the Redis server, in milliseconds."""

    at_ms: dict[str, dict[str, int]] = field(default_factory=lambda: {kind: {} for kind in AWAITED})
    """By type: the first event of each request, by the sender's number."""
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each type came for each number."""
    strays: dict[str, str] = field(default_factory=dict)
    """Numbers that came to another end, and what the event says of it."""

    def add(self, at_ms: int, body: bytes) -> None:
        event = orjson.loads(body)
        kind, number = event["type"], event.get("correlationid", "")
        if kind not in self.at_ms:
            self.strays[number] = f"{kind}: {_words(event['data'])}"
            return
        self.seen[kind, number] += 1
        self.at_ms[kind].setdefault(number, at_ms)

    def submitted(self) -> int:
        return len(self.at_ms[Submitted.TYPE])

    def complete(self, requests: int, deductions: int) -> bool:
        """Whether as many requests have come through as were sent."""
        wanted = dict(zip(AWAITED, (requests, requests, deductions), strict=True))
        return all(len(self.at_ms[kind]) >= number for kind, number in wanted.items())


def _words(data: Mapping[str, object]) -> str:
    """Give what an event says of its reason."""
    told = data.get("error") or data.get("reasons") or data.get("state")
    return orjson.dumps(told).decode()
