"""Simulated portals that begin anew for each run, go wrong on demand, and tell what they did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
from typing_extensions import override

from sandbox.azure.operations import Rhythm
from sandbox.journal import Entry
from sandbox.server import SandboxServer
from sandbox.settings import Settings

ANSWERS: dict[str, dict[str, Any]] = {
    "refused": {"operation": "create", "fault": {"status": 422}},
    "later": {"operation": "create", "fault": {"status": 429}},
    "later, named": {"operation": "create", "fault": {"status": 503, "retry_after": 900}},
    "lost before": {"operation": "create", "fault": "drop_before"},
    "lost after": {"operation": "create", "fault": "drop_after"},
    "cut": {"operation": "create", "fault": "cut_body"},
    "page": {"operation": "create", "fault": "html"},
    "broken": {"operation": "create", "fault": {"status": 500}},
    # Any other trouble with a look-up is asked again at once, after a wait in earnest.
    "silent": {"operation": "lookup", "fault": {"status": 429}},
    "silent for long": {"operation": "lookup", "fault": {"status": 429}, "times": 3},
}
"""What may be answered to the next order instead of a ticket, and to the next look-ups."""
MADE = {None, "drop_after", "cut_body"}
"""Faults under which the ticket is made all the same."""
SAID: dict[object, str] = {422: "refused", 503: "named"}


class Portals(SandboxServer):
    """One address for all runs of a test."""

    def __init__(self) -> None:
        super().__init__()
        self._http = httpx.Client(base_url=self.base_url, trust_env=False)
        self._read = 0

    @override
    def begin_anew(self, settings: Settings | None = None) -> None:
        super().begin_anew(settings or Settings(rhythm=Rhythm(looks=0)))
        self._read = 0

    def answer(self, answer: str) -> None:
        """Have the next call of its kind go wrong."""
        self._http.post("/_sandbox/faults", json=ANSWERS[answer]).raise_for_status()

    def heal(self) -> None:
        self._http.delete("/_sandbox/faults").raise_for_status()

    def tickets(self) -> list[dict[str, Any]]:
        """Give what the portals hold, from their own account."""
        found: list[dict[str, Any]] = self._http.get("/_sandbox/tickets").json()["tickets"]
        return found

    def held_for(self, request: str) -> list[str]:
        """Give the numbers of the request's tickets."""
        return [one["number"] for one in self.tickets() if _request(one["key"]) == request]

    def news(self) -> Iterator[tuple[str, str]]:
        """Give what was done since the last time: for which request, and what."""
        entries = self.sandbox.journal.entries[self._read :]
        self._read += len(entries)
        for entry in entries:
            if entry.key is not None and entry.operation in {"create", "lookup"}:
                yield _request(entry.key), _did(entry)

    @override
    def stop(self) -> None:
        self._http.close()
        super().stop()


def _request(key: str) -> str:
    """Give the request whose ticket goes by this key; at Azure it is spelt as a name."""
    return key.upper().removeprefix("TORITSUGI-")


def _did(entry: Entry) -> str:
    if entry.operation == "lookup":
        return "silent" if entry.fault else "looked up"
    return "made" if entry.fault in MADE else SAID.get(entry.status, "lost")
