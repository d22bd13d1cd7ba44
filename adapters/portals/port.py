"""The port every portal carrier fills: an order goes in, a ticket or a `PortalError` comes out.

Carriers never retry what might have been filed, never store anything, and are used by many
threads at once. They make short repeats inside one call only where repeating is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from adapters.errors import TryLater

Severity = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the portal's engineer reaches.

    `time_zone` is an IANA name, `country` ISO 3166 alpha-2, `language` a BCP 47 tag.
    """

    name: str
    email: str
    phone: str | None = None
    method: Literal["phone", "email"] = "phone"
    cc: tuple[str, ...] = ()
    language: str = "ja"
    time_zone: str = "Asia/Tokyo"
    country: str = "JP"


@dataclass(frozen=True, slots=True)
class Plan:
    """What pays for the ticket: the plan's kind, and for a contract its name and ids."""

    kind: str
    contract: str | None = None
    access_id: str | None = field(default=None, repr=False)
    contract_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose tickets: a portal may keep those of each customer and subscription apart."""

    partner: str
    customer: str | None = None
    subscription_id: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One ticket to be filed, in our words; a carrier's `mapping.py` turns it into the portal's."""

    key: str
    """Idempotency key: the request's number; the same for every attempt."""
    kind: str
    partner: str
    agent: str
    customer: str | None
    product: str
    """Key of the product catalogue, such as `azure/virtual-machines`."""
    product_name: str
    """English display name, as the portal's own list may spell it."""
    title: str
    description: str
    severity: Severity
    contact: Contact
    plan: Plan | None
    problem_type: str | None = None
    category: str | None = None
    started_at: datetime | None = None
    subscription_id: str | None = None
    resource_id: str | None = None
    entry: str | None = None
    usage: str | None = None
    advanced_diagnostics: bool = False
    services_agreement: bool = False

    @property
    def scope(self) -> Scope:
        """Where its ticket is kept."""
        return Scope(self.partner, self.customer, self.subscription_id)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket that exists at a portal."""

    system: str
    """`azure`, `office`, `onprem` or `partner_portal`."""
    number: str
    severity: Severity
    url: str | None = None
    first_response_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket that a portal's list shows under a key of ours."""

    key: str
    number: str


@dataclass(frozen=True, slots=True)
class Unasked:
    """What a list lacks, and why: tickets in these scopes; None is all of them."""

    scopes: tuple[Scope, ...] | None
    error: TryLater

    def covers(self, scope: Scope) -> bool:
        return self.scopes is None or scope in self.scopes


@dataclass(frozen=True, slots=True)
class Listing:
    """The tickets that a portal holds under our keys, as far as it could be asked."""

    held: tuple[Held, ...]
    unasked: tuple[Unasked, ...] = ()


class Portal(Protocol):
    """One portal, through one carrier."""

    @property
    def lookup_is_proof(self) -> bool:
        """Whether `find` answering None proves that no ticket exists."""

    @property
    def visible_after_s(self) -> float:
        """How long after a creation was sent `find` may still miss its ticket: no proof before."""

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        """Create the ticket.

        `note(token)` is called as soon as the portal has taken the order for later completion; the
        token, kept by the caller, lets `resume` go on after a crash.

        Raises any `PortalError`.
        """

    def resume(self, order: Order, token: str) -> Ticket:
        """Go on waiting for an order that the portal had taken. Raises any `PortalError`."""

    def find(self, order: Order) -> Ticket | None:
        """Look the ticket up by `order.key`. Raises `TryLater` when it cannot be asked now."""

    def list_tickets(self, scopes: Sequence[Scope], since: datetime) -> Listing | None:
        """List what was created under our keys at `since` or later; None: it offers no list.

        `scopes` are where orders may have gone, the likeliest first; a portal that keeps all
        tickets in one place passes them over. Whatever cannot be asked is told, never raised.
        """

    def close(self) -> None:
        """Give up connections."""
