"""Tickets that exist at a portal, one a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

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


OWNER = select(tickets.c.request).where(
    tickets.c.system == bindparam("of_system"), tickets.c.number == bindparam("of_number")
)
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


def owner(db: Connection, system: str, number: str) -> str | None:
    """Give the request that has the ticket; None when nobody has."""
    values = {"of_system": system, "of_number": number}
    return db.execute(OWNER, values).scalar_one_or_none()
