"""What a directory file says of those whom a request names, as the ledger would say it.

For decisions on paper: balances are the file's opening balances, and nothing is stored.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable

from pydantic import SecretStr

from contracts.directory import UNCOUNTED_KINDS, Agent, Contract, Customer, Directory, Partner
from ledger.known import Known, folded
from rules import facts

Fingerprint = Callable[[str], str]


def passing_fingerprint() -> Fingerprint:
    """Give a fingerprint for one decision: both sides take it and it is forgotten, so any does."""
    key = secrets.token_bytes(32)
    return lambda secret: hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()


def known(
    directory: Directory,
    fingerprint: Fingerprint,
    partner: str | None,
    agent: str | None,
    customer: str | None,
) -> Known:
    """Look up those whom a request names."""
    found = next((one for one in directory.partners if one.id == partner), None)
    if found is None:
        return Known()
    contracts = sorted(found.contracts, key=lambda one: one.name)
    return Known(
        partner=_partner(found),
        agent=_agent(found, folded(agent or "")),
        customer=None if customer is None else _customer(found, folded(customer)),
        contracts=tuple(_contract(one, fingerprint) for one in contracts),
    )


def _partner(found: Partner) -> facts.Partner:
    return facts.Partner(
        id=found.id,
        name=found.name,
        domain=found.domain or "",
        type=found.type,
        membership=found.membership,
        partner_features=found.partner_features,
    )


def _agent(partner: Partner, sign_in: str) -> facts.Agent | None:
    found: Agent | None = next(
        (one for one in partner.agents if folded(one.sign_in) == sign_in), None
    )
    if found is None:
        return None
    return facts.Agent(
        sign_in=sign_in,
        roles=frozenset(found.roles),
        azure_subscriptions=found.azure_subscriptions,
        linked_contracts=frozenset(found.linked_contracts),
    )


def _customer(partner: Partner, name: str) -> facts.Customer | None:
    """Look by tenant first; only then through every customer's further domains."""
    by_tenant = [one for one in partner.customers if folded(one.tenant) == name]
    by_domain = [one for one in partner.customers if name in map(folded, one.domains)]
    found: Customer | None = next(iter([*by_tenant, *by_domain]), None)
    if found is None:
        return None
    return facts.Customer(
        tenant=folded(found.tenant),
        name=found.name or "",
        domains=found.domains,
        delegated_admin=found.delegated_admin,
    )


def _contract(found: Contract, fingerprint: Fingerprint) -> facts.Contract:
    return facts.Contract(
        name=found.name,
        kind=found.kind,
        access_id=_print(found.access_id, fingerprint),
        contract_id=_print(found.contract_id, fingerprint),
        activation=found.activation,
        expires_on=found.expires_on,
        available=None if found.kind in UNCOUNTED_KINDS else found.incidents or 0,
    )


def _print(secret: SecretStr | None, fingerprint: Fingerprint) -> str | None:
    return None if secret is None else fingerprint(secret.get_secret_value())
