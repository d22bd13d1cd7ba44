"""What our events say: one frozen model for each type, the sender's unknown fields passed along.

Never holds Access ID or Contract ID; a contract is named by its name.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import AwareDatetime, Field

from contracts.event_parts import (
    ErrorNews,
    Extra,
    Part,
    PlanNews,
    Reason,
    Shown,
    TicketNews,
    UnreadableNews,
)
from contracts.states import State


class EventData(Part):
    """What every event's data begins with."""

    TYPE: ClassVar[str]
    OMITTED: ClassVar[frozenset[str]] = frozenset({"extra"})

    extra: Extra = Field(default_factory=dict)
    """Fields of the request that we do not know, as they came."""


class OfRequest(EventData):
    """An event of one request."""

    request: str
    partner: str | None
    state: State


class Accepted(OfRequest):
    """The request is stored; nothing is lost from here on."""

    TYPE: ClassVar[str] = "toritsugi.request.accepted.v1"


class _Decided(OfRequest):
    reasons: tuple[Reason, ...]
    notices: tuple[str, ...] = ()


class Incomplete(_Decided):
    """The sender left something out that only they know."""

    TYPE: ClassVar[str] = "toritsugi.request.incomplete.v1"


class Held(_Decided):
    """Someone's pending action is missing; decided again by itself."""

    TYPE: ClassVar[str] = "toritsugi.request.held.v1"


class Rejected(_Decided):
    """The request cannot be filed as it stands."""

    TYPE: ClassVar[str] = "toritsugi.request.rejected.v1"


class Submitted(OfRequest):
    """The ticket exists."""

    TYPE: ClassVar[str] = "toritsugi.request.submitted.v1"
    ticket: TicketNews
    plan: PlanNews | None = None
    entry: str | None = None
    notices: tuple[str, ...] = ()


class HandedOver(OfRequest):
    """A work order waits for a person."""

    TYPE: ClassVar[str] = "toritsugi.request.handed_over.v1"
    work_order: str
    due: AwareDatetime | None = None


class Failed(OfRequest):
    """Given up after retries, or refused by the portal."""

    TYPE: ClassVar[str] = "toritsugi.request.failed.v1"
    error: ErrorNews
    attempts: int


class Uncertain(OfRequest):
    """The portal may or may not have a ticket; nothing is sent again before that is settled."""

    TYPE: ClassVar[str] = "toritsugi.request.uncertain.v1"
    error: ErrorNews


class Cancelled(OfRequest):
    """The request was called off before it had a ticket."""

    TYPE: ClassVar[str] = "toritsugi.request.cancelled.v1"
    why: Shown


class Closed(OfRequest):
    """The ticket was closed."""

    TYPE: ClassVar[str] = "toritsugi.request.closed.v1"
    billable: bool | None = None


class _Posted(OfRequest):
    contract: str
    amount: int = Field(ge=0)
    balance: int
    entry: str


class Deducted(_Posted):
    """Incidents were taken from a contract."""

    TYPE: ClassVar[str] = "toritsugi.incident.deducted.v1"


class Refunded(_Posted):
    """Incidents were given back to a contract."""

    TYPE: ClassVar[str] = "toritsugi.incident.refunded.v1"


class _OfContract(EventData):
    request: str | None = None
    partner: str
    state: State | None = None
    contract: str


class Low(_OfContract):
    """A contract's balance reached the threshold."""

    TYPE: ClassVar[str] = "toritsugi.contract.low.v1"
    balance: int


class Expiring(_OfContract):
    """A contract will expire soon."""

    TYPE: ClassVar[str] = "toritsugi.contract.expiring.v1"
    expires_on: date


class Unreadable(EventData):
    """A message could not be read; it is kept in quarantine."""

    TYPE: ClassVar[str] = "toritsugi.message.unreadable.v1"
    request: str | None = None
    partner: str | None = None
    state: State | None = None
    quarantine: str
    error: UnreadableNews


class WebhookTested(EventData):
    """An operator tries a webhook out; nothing has happened."""

    TYPE: ClassVar[str] = "toritsugi.webhook.test.v1"
    request: str | None = None
    partner: str | None = None
    state: State | None = None
    webhook: str
