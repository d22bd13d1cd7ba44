"""What a decision stands on: frozen, complete, and already looked up by the caller.

Never holds an Access ID or Contract ID: only opaque fingerprints of them. Never reads anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class GivenId:
    """Fingerprints of an id as given, and of its spellings with zeros put in front."""

    exact: str
    padded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom support reaches; what the sender did not give is None."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    method: str = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The support request as the sender wrote it; what was not given is None."""

    kind: str = "technical"
    partner: str | None = None
    agent: str | None = None
    customer: str | None = None
    product: str | None = None
    route: str | None = None
    entry: str | None = None
    title: str | None = None
    description: str | None = None
    problem_type: str | None = None
    category: str | None = None
    severity: str | None = None
    subscription_id: str | None = None
    resource_id: str | None = None
    contract: str | None = None
    access_id: GivenId | None = None
    contract_id: GivenId | None = None
    payment: str = "contract"
    contact: Contact = field(default_factory=Contact)
    usage: str | None = None
    services_agreement: bool | None = None
    advanced_diagnostics: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """The member organisation that files."""

    id: str
    name: str
    domain: str
    type: str
    membership: str
    partner_features: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """The partner's user whose sign-in files the request."""

    sign_in: str
    roles: frozenset[str] = frozenset()
    azure_subscriptions: tuple[str, ...] = ()
    linked_contracts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """The tenant on whose behalf the partner files."""

    tenant: str
    name: str
    domains: tuple[str, ...] = ()
    delegated_admin: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A support benefit of the partner.

    `available` counts the incidents left that nobody has reserved; None means not counted.
    """

    name: str
    kind: str
    access_id: str | None = None
    contract_id: str | None = None
    activation: str = "none"
    expires_on: date | None = None
    available: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything one decision may look at.

    `contracts` are the partner's own; a None beside a name in the request means "not on record".
    """

    request: Request
    partner: Partner | None
    agent: Agent | None
    customer: Customer | None
    contracts: tuple[Contract, ...]
    day: date
