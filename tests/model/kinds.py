"""What senders send: kinds of requests, and what the rules make of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.builders import DIRECTORY, GOLD, PARTNER, onprem_data
from tests.faults.world import azure_data

SMALL = f"{PARTNER}/small-2026"
OPENING = {GOLD: 20, SMALL: 2}
"""The contracts whose incidents are counted, and how many each begins with."""
FOLK = (
    DIRECTORY.replace("[gold-2026]", "[gold-2026, small-2026]")
    + """
      - name: small-2026
        kind: gold_20
        access_id: "0456789012"
        contract_id: "0023456789"
        activation: active
        expires_on: 2099-03-31
        incidents: 2
"""
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A request's data, where the rules lead it, and which counted contract pays for it."""

    data: Mapping[str, Any]
    leads: str
    contract: str | None


KINDS = {
    "counted": Kind(onprem_data(), "filed", GOLD),
    "small": Kind(onprem_data(contract="small-2026"), "filed", SMALL),
    "included": Kind(azure_data(), "filed", None),
    "refused": Kind(onprem_data(contract="no-such-contract"), "rejected", None),
    "lacking": Kind(onprem_data(product=None), "incomplete", None),
}
MISSING = {"product": "exchange-server/se"}
"""What a `lacking` one lacks; with it, it is filed as a `counted` one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What its sender keeps of a request: its own number, the title, and the kind."""

    sender_id: str
    title: str
    kind: Kind

    @property
    def data(self) -> dict[str, Any]:
        return {**self.kind.data, "title": self.title}
