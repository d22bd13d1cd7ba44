"""Clauses C: the ids a request gives, and whether a contract may still be used.

No finding here ever shows a digit of an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rules.asking import is_given
from rules.benefits import CLOUD, CORE
from rules.case import AZURE, Case
from rules.choice import Candidate
from rules.naming import by_name, lacking_zeros
from rules.remark import Finding, Remark
from rules.verdict import Text
from rules.wording import Part, Wording, shown
from rules.words import contract as words
from rules.words.fields import FIELDS


def every_digit_counts(case: Case) -> Iterator[Remark]:
    """C-2: an id is compared with all its digits, leading zeros too."""
    for field in lacking_zeros(case.request, case.contracts):
        wording = replace(words.LEADING_ZEROS_MISSING, field=field)
        yield wording.finding(label=FIELDS[field].label, name=field)


def has_not_expired(case: Case, candidate: Candidate) -> Finding | None:
    """C-3: a contract is good on its last day, and not shown after it."""
    end = candidate.contract.expires_on
    if end is None or case.day <= end:
        return None
    return about(candidate, words.CONTRACT_EXPIRED, way_to_buy(case), end=end)


def has_incidents_left(case: Case, candidate: Candidate) -> Finding | None:
    """C-4: a counted contract has incidents left that nobody has reserved."""
    left = candidate.contract.available
    if not candidate.benefit.counted or left is None or left > 0:
        return None
    return about(candidate, words.CONTRACT_EXHAUSTED, way_to_buy(case))


def is_activated(case: Case, candidate: Candidate) -> Finding | None:
    """C-5: gold and silver activate at once, an action pack member requests it and waits."""
    match candidate.contract.activation:
        case "active":
            return None
        case "requested":
            return about(candidate, words.ACTIVATION_PENDING)
        case _:
            return about(candidate, words.BENEFIT_NOT_ACTIVATED, _way_to_activate(case))


def belongs_to_membership(case: Case, candidate: Candidate) -> Finding | None:
    """C-8: a core benefit belongs to one membership."""
    needed, partner = candidate.benefit.membership, case.partner
    if candidate.benefit.group != CORE or partner is None or partner.membership == needed:
        return None
    return about(
        candidate,
        words.NOT_ENTITLED,
        way_to_buy(case),
        needed=membership(needed or "none"),
        membership=membership(partner.membership),
        partner=partner.name,
    )


def ids_and_name_fit(case: Case) -> Iterator[Remark]:
    """C-9: name and ids point to one contract of the partner; C-2 speaks where it can."""
    request, partner = case.request, case.partner
    if partner is None or case.subjects:
        return
    contract = shown(request.contract or "")
    if not by_name(request, case.contracts) and is_given(request.contract):
        yield words.UNKNOWN_NAME.finding(contract=contract, partner=partner.name)
    elif not lacking_zeros(request, case.contracts):
        wording = words.IDS_OF_ANOTHER if is_given(request.contract) else words.UNKNOWN_IDS
        cloud, core = case.benefits.name_of(CLOUD), case.benefits.name_of(CORE)
        yield wording.finding(contract=contract, partner=partner.name, cloud=cloud, core=core)


def about(
    candidate: Candidate, wording: Wording, remedy: Text | None = None, **parts: Part
) -> Finding:
    return wording.instead(remedy).finding(
        contract=shown(candidate.contract.name), kind=candidate.benefit.name, **parts
    )


def way_to_buy(case: Case) -> Text:
    """P-10: incidents can be bought on the way; for Azure, a benefit beforehand."""
    return words.BUY_AZURE if case.route == AZURE else words.BUY_ONPREM


def _way_to_activate(case: Case) -> Text | None:
    match case.partner.membership if case.partner else None:
        case "gold" | "silver":
            return words.ACTIVATE_AT_ONCE
        case "action_pack":
            return words.REQUEST_ACTIVATION
        case _:
            return None


def membership(key: str) -> Text:
    return words.MEMBERSHIPS.get(key, Text(key, key))
