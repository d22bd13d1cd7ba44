"""The bridge's words: what goes over HTTP and comes back. Never holds a decision.

`POST /v1/tickets` takes `TicketOrder`, answers `WireTicket`; `GET /v1/tickets?key=` answers
`WireTickets`. Errors are problems (RFC 9457) with an extra member `code`.

`GET /v1/tickets?portal=&created_since=` lists the portal's tickets that were made under our keys
at that moment (RFC 3339) or later, as `WireTickets`; where there are more, `next` is the `cursor`
that the same question asks on with. A bridge without a list answers 400, 404, 405 or 501.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.portals.port import Severity

PortalName = Literal["office", "onprem", "partner_portal"]


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class WireContact(_Sent):
    """Whom the portal's engineer reaches."""

    name: str
    email: str
    phone: str | None
    method: Literal["phone", "email"]
    cc: tuple[str, ...]
    language: str
    time_zone: str
    country: str


class WirePlan(_Sent):
    """What pays for the ticket."""

    kind: str
    contract: str | None
    access_id: str | None = Field(repr=False)
    contract_id: str | None = Field(repr=False)


class TicketOrder(_Sent):
    """The body of a creation; the idempotency key travels in its header."""

    portal: PortalName
    kind: str
    partner: str
    agent: str
    customer: str | None
    product: str
    title: str
    description: str
    severity: Severity
    contact: WireContact
    plan: WirePlan | None = None
    problem_type: str | None = None
    category: str | None = None
    started_at: datetime | None = None
    entry: str | None = None
    usage: str | None = None
    services_agreement: bool = False


class WireTicket(_Answered):
    """A ticket as the bridge knows it."""

    key: str
    number: str = Field(min_length=1, max_length=200)
    portal: PortalName
    severity: Severity | None = None
    title: str | None = None
    status: str | None = None
    billable: bool | None = None
    url: str | None = None
    first_response_due: datetime | None = None
    created_at: datetime | None = None


class WireTickets(_Answered):
    """The answer to a look-up, or a page of a list."""

    tickets: tuple[WireTicket, ...]
    next: str | None = None
