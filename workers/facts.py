"""From the ledger's rows to the facts a decision stands on. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.request import SupportRequest
from ledger.known import Known
from rules import facts, ids

Fingerprint = Callable[[str], str]


def facts_of(
    request: SupportRequest,
    secrets: Mapping[str, str],
    known: Known,
    fingerprint: Fingerprint,
    day: date,
) -> facts.Facts:
    """Put together what the rules look at; ids become fingerprints on the way."""
    return facts.Facts(
        request=_request(request, secrets, fingerprint),
        partner=known.partner,
        agent=known.agent,
        customer=known.customer,
        contracts=known.contracts,
        day=day,
    )


COPIED = (
    "kind",
    "partner",
    "agent",
    "customer",
    "product",
    "route",
    "entry",
    "title",
    "description",
    "problem_type",
    "category",
    "severity",
    "subscription_id",
    "resource_id",
    "contract",
    "payment",
    "usage",
)


def _request(
    request: SupportRequest, secrets: Mapping[str, str], fingerprint: Fingerprint
) -> facts.Request:
    copied: dict[str, Any] = {name: getattr(request, name) for name in COPIED}
    contact = request.contact
    return facts.Request(
        **copied,
        access_id=_given(secrets.get("access_id"), fingerprint),
        contract_id=_given(secrets.get("contract_id"), fingerprint),
        contact=facts.Contact(
            name=contact.name, email=contact.email, phone=contact.phone, method=contact.method
        ),
        services_agreement=request.consents.services_agreement,
        advanced_diagnostics=request.consents.advanced_diagnostics,
    )


def _given(secret: str | None, fingerprint: Fingerprint) -> facts.GivenId | None:
    if secret is None:
        return None
    return facts.GivenId(
        exact=fingerprint(ids.normalise(secret)),
        padded=tuple(fingerprint(spelling) for spelling in ids.padded(secret)),
    )
