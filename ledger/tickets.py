"""Tickets that exist at a portal, one a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from ledger.clock import now
from ledger.tables import tickets


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as the portal numbers it."""

    system: str
    number: str
    severity: str
    url: str | None
    first_response_due: datetime | None


ADD = insert(tickets).values(filed_at=now()).inline()


def add(db: Connection, request: str, ticket: Ticket) -> None:
    db.execute(
        ADD,
        {
            "request": request,
            "system": ticket.system,
            "number": ticket.number,
            "severity": ticket.severity,
            "url": ticket.url,
            "first_response_due": ticket.first_response_due,
        },
    )
