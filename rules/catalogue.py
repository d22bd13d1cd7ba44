"""The table of contents: every clause of every edition, in order, with the functions that ask it.

Holds no judgement of its own. An edition is revised clause by clause; the others stay untouched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from rules import (
    azure,
    contract,
    delegation,
    gdap,
    general,
    office,
    onprem,
    programme,
    questions,
    routing,
)
from rules.clause import Asked, Clause, Judge, Weigh, says_nothing
from rules.words.clauses import CLAUSES
from rules.words.clauses_2026 import CLAUSES_2026


@dataclass(frozen=True, slots=True)
class Edition:
    """The programme as of one day: its clauses, and the order in which a contract is weighed."""

    name: str
    clauses: tuple[Clause, ...]
    weighing: tuple[str, ...]
    refusing: tuple[str, ...]
    """While one of these refuses the agent, no ids of a contract are asked for."""

    def revised(
        self, name: str, clauses: Iterable[Clause], refusing: tuple[str, ...] | None = None
    ) -> Edition:
        """Give the next edition: the clauses named anew replace those with the same id."""
        anew = {clause.id: clause for clause in clauses}
        kept = tuple(anew.pop(clause.id, clause) for clause in self.clauses)
        return Edition(name, (*kept, *anew.values()), self.weighing, refusing or self.refusing)


class Functions(TypedDict, total=False):
    """The functions of a clause that an edition replaces."""

    asked: Asked
    judge: Judge
    weigh: Weigh | None


def _clause(
    id_: str, asked: Asked, judge: Judge = says_nothing, weigh: Weigh | None = None
) -> Clause:
    section, title = CLAUSES[id_]
    return Clause(id=id_, section=section, title=title, asked=asked, judge=judge, weigh=weigh)


EDITION_2018 = Edition(
    "2018",
    (
        _clause("G-1", questions.always, general.names_the_required),
        _clause("G-2", questions.partner_named, general.parties_are_known),
        _clause("G-3", questions.routed_kind),
        _clause("R-1", questions.product_named, routing.product_is_known),
        _clause("R-2", questions.route_named, routing.portal_fits_product),
        _clause("R-3", questions.partner_portal, routing.partner_portal_takes_it),
        _clause("D-1", questions.csp_for_customer, delegation.csp_has_dap),
        _clause("D-2", questions.reseller_for_customer),
        _clause("D-3", questions.advisor_for_customer, delegation.advisor_has_dap),
        _clause("D-4", questions.agent_for_customer, delegation.agent_holds_role),
        _clause("D-5", questions.customer_of_partner, delegation.customer_is_known),
        _clause("D-6", questions.own_tenant, delegation.own_tenant_opens_directly),
        _clause("D-7", questions.agent_for_customer),
        _clause("A-1", questions.azure_agent, azure.sign_in_opens_subscription),
        _clause("A-2", questions.csp_plan, azure.csp_plan_needs_no_contract),
        _clause("A-3", questions.azure, azure.contract_pays, azure.kind_is_offered),
        _clause("A-4", questions.azure_contract, weigh=azure.signature_comes_first),
        _clause("A-5", questions.azure_ids),
        _clause("A-6", questions.azure, azure.names_problem_and_severity),
        _clause("A-7", questions.never),
        _clause("O-1", questions.office, office.support_is_included),
        _clause("O-2", questions.office_for_customer, office.enters_for_customer),
        _clause("O-3", questions.office, office.names_contact),
        _clause("O-4", questions.office_for_customer, office.contact_is_partner),
        _clause("P-1", questions.onprem, onprem.customer_is_reference_only),
        _clause("P-2", questions.onprem_contract, onprem.contract_pays),
        _clause("P-3", questions.onprem_contract, weigh=onprem.serves_installed_products),
        _clause("P-4", questions.onprem_benefit, onprem.version_is_recent),
        _clause("P-5", questions.onprem_single, onprem.product_is_in_support),
        _clause("P-6", questions.onprem, onprem.agreement_is_accepted),
        _clause("P-7", questions.onprem, onprem.names_problem_and_category),
        _clause("P-8", questions.never),
        _clause("P-9", questions.never),
        _clause("P-10", questions.never),
        _clause("P-11", questions.onprem, onprem.enters_assisted_support),
        _clause("C-1", questions.ids_given),
        _clause("C-2", questions.ids_given, contract.every_digit_counts),
        _clause("C-3", questions.contract_used, weigh=contract.has_not_expired),
        _clause("C-4", questions.contract_used, weigh=contract.has_incidents_left),
        _clause("C-5", questions.contract_used, weigh=contract.is_activated),
        _clause("C-6", questions.contract_used),
        _clause("C-7", questions.never),
        _clause("C-8", questions.contract_used, weigh=contract.belongs_to_membership),
        _clause("C-9", questions.contract_named, contract.ids_and_name_fit),
    ),
    weighing=("P-3", "A-3", "C-8", "C-5", "C-3", "C-4", "A-4"),
    refusing=("D-4", "A-1"),
)


def _anew(id_: str, **functions: Unpack[Functions]) -> Clause:
    """Say a clause of the article anew; without other functions it only cites and names anew."""
    section, title = CLAUSES_2026[id_]
    stood = next(clause for clause in EDITION_2018.clauses if clause.id == id_)
    return replace(stood, section=section, title=title, **functions)


EDITION_2026 = EDITION_2018.revised(
    "2026",
    (
        _anew("R-2", judge=routing.portal_of_today_fits),
        _anew("D-1", asked=questions.csp_that_files, judge=gdap.csp_has_gdap),
        _anew("D-2", judge=gdap.reseller_leaves_azure_to_provider),
        _anew("D-3", judge=gdap.advisor_has_gdap),
        _anew("D-4", asked=questions.agent_that_files, judge=gdap.agent_holds_granular_role),
        _anew("D-7", asked=questions.agent_that_files),
        _anew("A-3", judge=azure.contract_pays_today),
        _anew("A-4", weigh=None),
        _anew("A-5"),
        _anew("O-2", judge=office.enters_partner_center),
        _anew("P-2", judge=onprem.contract_pays_today),
        _anew("P-3"),
        _anew("P-4"),
        _anew("P-11", judge=onprem.enters_engage_center),
        _anew("C-5", weigh=programme.is_activated_in_partner_center),
        _anew("C-7"),
        _anew("C-8", weigh=programme.belongs_to_designation),
    ),
    refusing=("D-3", "D-4", "A-1"),
)

EDITIONS = {edition.name: edition for edition in (EDITION_2018, EDITION_2026)}
