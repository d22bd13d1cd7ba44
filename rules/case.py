"""The request under decision, with what every clause asks of it: product, route, whose tenant.

Never judges: it answers plain questions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from rules.asking import is_given
from rules.benefits import SINGLE, BenefitTable
from rules.choice import Choice
from rules.facts import Agent, Contract, Customer, Facts, Partner, Request
from rules.naming import identity, is_named, named
from rules.once import once
from rules.product import Family, Product
from rules.products import Entry, ProductCatalogue

AZURE = "azure"
OFFICE = "office"
ONPREM = "onprem"
PARTNER_PORTAL = "partner_portal"
PAY_PER_INCIDENT = "pay_per_incident"

CSP_TYPES = frozenset({"csp_direct", "csp_indirect_provider", "csp_indirect_reseller"})
PARTNER_PORTAL_KINDS = frozenset({"advisory", "membership"})
ROUTED_KINDS = frozenset({"subscription", "billing", "quota"})


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request with all that is known about it; `entry` is what its product's name stands for.

    `choice` is None until contracts have been looked at, and stays so where none is needed.
    Answers asked by many clauses are worked out once, which is why there are no slots. Only what
    asks for `choice` is worked out each time: it changes once contracts have been looked at.
    """

    facts: Facts
    products: ProductCatalogue
    benefits: BenefitTable
    entry: Product | Family | None
    choice: Choice | None = None

    @property
    def request(self) -> Request:
        return self.facts.request

    @property
    def partner(self) -> Partner | None:
        return self.facts.partner

    @property
    def agent(self) -> Agent | None:
        """Give the agent; nobody is one of an unknown partner."""
        return None if self.facts.partner is None else self.facts.agent

    @property
    def customer(self) -> Customer | None:
        return self.facts.customer if self.on_behalf else None

    @property
    def day(self) -> date:
        return self.facts.day

    @once
    def for_partner_portal(self) -> bool:
        return self.request.kind in PARTNER_PORTAL_KINDS

    @once
    def product(self) -> Product | None:
        """Give the product, if it is known and out on the day."""
        entry = self.entry
        return entry if isinstance(entry, Product) and entry.is_released(self.day) else None

    @once
    def family(self) -> Family | None:
        return self.entry if isinstance(self.entry, Family) else None

    @once
    def route(self) -> str | None:
        """Give the product's own route; a family without its version has one, too."""
        if self.for_partner_portal:
            return PARTNER_PORTAL
        known = self.product or self.family
        return None if known is None else known.route

    @property
    def is_client(self) -> bool:
        known = self.product or self.family
        return known is not None and known.client

    @once
    def on_behalf(self) -> bool:
        """Tell whether a customer is named; the partner's own domain is no customer."""
        if not is_given(self.request.customer):
            return False
        return self.facts.customer is not None or not self._names_own_domain()

    @once
    def is_cloud(self) -> bool:
        return self.route in {AZURE, OFFICE}

    @once
    def for_customer(self) -> bool:
        """Tell whether delegated administration is needed: a customer's cloud product."""
        return self.is_cloud and self.on_behalf

    @once
    def is_csp(self) -> bool:
        return self.partner is not None and self.partner.type in CSP_TYPES

    @once
    def from_partner_center(self) -> bool:
        """Tell whether A-2 applies: a CSP opens the customer's Azure from Partner Center."""
        return self.route == AZURE and self.for_customer and self.is_csp

    @once
    def contracts(self) -> tuple[Contract, ...]:
        """Give the partner's contracts, in an order of their own: the caller's never matters."""
        return () if self.partner is None else tuple(sorted(self.facts.contracts, key=identity))

    @property
    def names_contract(self) -> bool:
        return is_named(self.request)

    @once
    def subjects(self) -> tuple[Contract, ...]:
        """Give the contracts that are named; several only where their ids are the same."""
        return named(self.request, self.contracts) if self.names_contract else ()

    @once
    def buys_incident(self) -> bool:
        """Tell whether an incident is bought on the way: not where one already bought is named."""
        paid_on_the_way = self.route == ONPREM and self.request.payment == PAY_PER_INCIDENT
        return paid_on_the_way and not any(self._is_single(each) for each in self.subjects)

    @once
    def needs_contract(self) -> bool:
        """Tell whether a contract of the partner pays; unknown while the partner is."""
        if self.partner is None or self.buys_incident:
            return False
        return self.route == ONPREM or (self.route == AZURE and not self.from_partner_center)

    @property
    def paid_singly(self) -> bool:
        """Tell whether pay per incident serves the request, bought on the way or before."""
        if self.buys_incident or self.choice is None:
            return self.buys_incident
        chosen = () if self.choice.chosen is None else (self.choice.chosen,)
        return any(each.benefit.group == SINGLE for each in chosen or self.choice.subjects)

    def with_choice(self, choice: Choice) -> Case:
        """Give the same case with its choice; what was worked out without one stands."""
        chosen = replace(self, choice=choice)
        vars(chosen).update({**vars(self), "choice": choice})
        return chosen

    def _is_single(self, contract: Contract) -> bool:
        return self.benefits.of(contract.kind).group == SINGLE

    def _names_own_domain(self) -> bool:
        own = "" if self.partner is None else self.partner.domain
        return (self.request.customer or "").strip().casefold() == own.strip().casefold()


def open_case(facts: Facts, products: ProductCatalogue, benefits: BenefitTable) -> Case:
    """Look the product up and lay the facts beside it."""
    name = facts.request.product
    entry: Entry | None = products.find(name) if is_given(name) and name else None
    return Case(facts=facts, products=products, benefits=benefits, entry=entry)
