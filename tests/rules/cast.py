"""The cast of the rule cases: a default partner, agent and requests, in the directory's own form.

A case says only what differs; `null` takes a field away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from rules import facts, ids
from rules.book import RuleBook, book
from rules.engine import decide
from rules.verdict import Verdict

VALUES = Path(__file__).parents[2] / "rules" / "values"
DAY = date(2018, 6, 1)

PARTNER = {
    "id": "4612345",
    "name": "Contoso Japan",
    "domain": "contoso.example",
    "type": "advisor",
    "membership": "gold",
    "partner_features": True,
}
AGENT = {
    "sign_in": "sato@contoso.example",
    "roles": ["admin_agent"],
    "azure_subscriptions": ["1f0c7a52-0000-4000-8000-000000000001"],
    "linked_contracts": [],
}
CUSTOMER = {
    "tenant": "fabrikam.example",
    "name": "Fabrikam",
    "domains": ["fabrikam.co.example"],
    "delegated_admin": "active",
}
CONTRACT = {"activation": "active", "expires_on": date(2019, 3, 31)}

COMMON = {
    "partner": "4612345",
    "agent": "sato@contoso.example",
    "title": "It does not start",
    "description": "It has not started since this morning.",
}
REQUESTS: dict[str, dict[str, Any]] = {
    "azure": {
        "product": "azure/virtual-machines",
        "problem_type": "Cannot connect",
        "severity": "B",
    },
    "office": {
        "product": "office365/exchange-online",
        "contact": {"name": "Sato", "email": "sato@contoso.example", "phone": "+81 3 0000 0000"},
    },
    "onprem": {
        "product": "exchange-server/2016",
        "problem_type": "Mail flow",
        "category": "Transport",
        "consents": {"services_agreement": True},
    },
    "partner_portal": {"kind": "advisory"},
}


@cache
def values(name: str) -> Mapping[str, Any]:
    """Load a values file once."""
    loaded: Mapping[str, Any] = yaml.safe_load((VALUES / name).read_text(encoding="utf-8"))
    return loaded


@cache
def rule_book(edition: str = "2018") -> RuleBook:
    """Build the book of an edition once."""
    return book(values("products.yaml"), values("benefits.yaml"), edition)


def fingerprint(secret: str) -> str:
    """Stand for the keyed hash: unlike the id, and the same for the same id."""
    return f"print of {secret}"


def given_id(secret: str | None) -> facts.GivenId | None:
    """Fingerprint an id as a sender wrote it."""
    if secret is None:
        return None
    padded = tuple(fingerprint(spelling) for spelling in ids.padded(secret))
    return facts.GivenId(fingerprint(ids.normalise(secret)), padded)


def contract(row: Mapping[str, Any]) -> facts.Contract:
    """Read a contract from its row in the directory."""
    full = {**CONTRACT, **row}
    access_id, contract_id = full.get("access_id"), full.get("contract_id")
    return facts.Contract(
        name=full["name"],
        kind=full["kind"],
        access_id=None if access_id is None else fingerprint(access_id),
        contract_id=None if contract_id is None else fingerprint(contract_id),
        activation=full["activation"],
        expires_on=full["expires_on"],
        available=full.get("incidents"),
    )


def request(base: str, changes: Mapping[str, Any]) -> facts.Request:
    """Take a complete request and change what the case changes."""
    full = {**COMMON, **REQUESTS[base], **changes}
    consents = full.pop("consents", None) or {}
    contact = full.pop("contact", None) or {}
    return facts.Request(
        **{name: value for name, value in full.items() if name not in {"access_id", "contract_id"}},
        access_id=given_id(full.get("access_id")),
        contract_id=given_id(full.get("contract_id")),
        contact=facts.Contact(**contact),
        services_agreement=consents.get("services_agreement"),
        advanced_diagnostics=consents.get("advanced_diagnostics"),
    )


def facts_of(case: Mapping[str, Any]) -> facts.Facts:
    """Put a case's sentence together with the cast."""
    return facts.Facts(
        request=request(case["base"], case.get("request", {})),
        partner=_partner(case),
        agent=_agent(case),
        customer=_customer(case),
        contracts=tuple(contract(row) for row in case.get("contracts", ())),
        day=case.get("day", DAY),
    )


def decided(case: Mapping[str, Any], edition: str = "2018") -> Verdict:
    """Decide the case."""
    return decide(facts_of(case), rule_book(edition))


def _partner(case: Mapping[str, Any]) -> facts.Partner | None:
    row = case.get("partner", {})
    return None if row is None else facts.Partner(**{**PARTNER, **row})


def _agent(case: Mapping[str, Any]) -> facts.Agent | None:
    row = case.get("agent", {})
    if row is None:
        return None
    full = {**AGENT, **row}
    return facts.Agent(
        sign_in=full["sign_in"],
        roles=frozenset(full["roles"]),
        azure_subscriptions=tuple(full["azure_subscriptions"]),
        linked_contracts=frozenset(full["linked_contracts"]),
    )


def _customer(case: Mapping[str, Any]) -> facts.Customer | None:
    row = case.get("customer")
    if row is None:
        return None
    full = {**CUSTOMER, **row}
    return facts.Customer(**{**full, "domains": tuple(full["domains"])})
