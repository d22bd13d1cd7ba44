"""What is sent in a drill, and what must become of it: requests by every route, for six partners.

One contract runs dry on purpose and one has expired, so that refusals are met as well. The same
number gives the same request each time. Sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from contracts.directory import Directory
from contracts.ids import request_id
from contracts.request import REQUEST_TYPE
from ops import invented

SOURCE = "urn:toritsugi:drill"
PARTNERS = 6
ENOUGH = 100_000
FEW = 3
DRY, ENDED = "dry", "ended"
TURNS = ("onprem", "office", "azure", "onprem", "partner_portal", DRY, "onprem", "office", "azure",
         "onprem", "office", "onprem", "azure", ENDED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """One request: its bytes, and what they ask for."""

    key: str
    """The sender's id."""
    number: str
    """The ledger's number of it, which follows from the key."""
    title: str
    """Of this request alone, so that its tickets are known whatever key they were filed under."""
    route: str
    body: bytes
    contract: str | None
    """What pays for it, if incidents are counted."""
    refused: str | None
    """The code with which it must be rejected."""
    may_run_dry: bool = False

    @property
    def way(self) -> str:
        """Every other request goes by HTTP, the others by the stream."""
        return "http" if int(self.key.rpartition("-")[2]) % 2 else "stream"


def order(number: int) -> Order:
    """Give the `number`-th request of a drill, from 1."""
    turn = TURNS[number % len(TURNS)]
    route = "onprem" if turn in (DRY, ENDED) else turn
    contract = turn if turn in (DRY, ENDED) else "gold"
    partner = 0 if turn in (DRY, ENDED) else number % PARTNERS
    key = f"D-{number}"
    data = invented.data(route, number, partner, contract)
    envelope = {"specversion": "1.0", "type": REQUEST_TYPE, "source": SOURCE, "id": key}
    return Order(
        key=key,
        number=request_id(SOURCE, key),
        title=data["title"],
        route=route,
        body=orjson.dumps({**envelope, "data": data}),
        contract={"onprem": contract, "azure": "signature"}.get(route),
        refused="contract_expired" if turn == ENDED else None,
        may_run_dry=turn == DRY,
    )


def directory() -> Directory:
    """Give the partners; the first has the contract that runs dry and the one that has expired."""
    dry = invented.contract(DRY, "gold_20", 0, incidents=FEW)
    ended = invented.contract(ENDED, "gold_20", 0, incidents=FEW, expires_on="2024-03-31")
    partners = [
        invented.partner(number, ENOUGH, *((dry, ended) if number == 0 else ()))
        for number in range(PARTNERS)
    ]
    return Directory.model_validate({"partners": partners})
