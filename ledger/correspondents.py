"""Who may write about a request, and for which partners: as directory and request name them.

Changes nothing. Whether somebody is who they say they are is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ledger.known import folded
from ledger.states import State
from ledger.tables import agents, requests


@dataclass(frozen=True, slots=True)
class Matter:
    """A request as its correspondents concern it."""

    request: str
    source: str
    state: State
    partner: str | None
    body: Mapping[str, Any]

    @property
    def parties(self) -> frozenset[str]:
        """Addresses of those who may complete it: agent, contact, and whoever gets the answers."""
        body = self.body
        named = (
            body.get("agent"),
            body.get("contact", {}).get("email"),
            body.get("reply_to", {}).get("email"),
            self.source.removeprefix("mailto:") if self.source.startswith("mailto:") else None,
        )
        return frozenset(folded(one) for one in named if one)

    @property
    def listeners(self) -> frozenset[str]:
        """Addresses of those who get copies: they may say something, and complete nothing."""
        return frozenset(folded(one) for one in self.body.get("contact", {}).get("cc", ()))


MATTER = select(requests.c.source, requests.c.state, requests.c.partner, requests.c.body).where(
    requests.c.id == bindparam("of")
)
PARTNERS = (
    select(agents.c.partner)
    .where(agents.c.sign_in == bindparam("address"))
    .order_by(agents.c.partner)
)


def matter(db: Connection, request: str) -> Matter | None:
    row = db.execute(MATTER, {"of": request}).one_or_none()
    if row is None:
        return None
    return Matter(request, row.source, State(row.state), row.partner, row.body)


def partners_of(db: Connection, address: str) -> tuple[str, ...]:
    """Give the partners that have an agent of this sign-in."""
    return tuple(db.execute(PARTNERS, {"address": folded(address)}).scalars())
