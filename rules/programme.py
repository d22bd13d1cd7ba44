"""Clauses C of edition 2026: benefits as the partner programme is cut today.

No finding here ever shows a digit of an id.
"""

from __future__ import annotations

from rules.benefits import CORE
from rules.case import Case
from rules.choice import Candidate
from rules.contract import about, membership, way_to_buy
from rules.remark import Finding
from rules.wording import joined
from rules.words import contract as shared
from rules.words import programme as words

OF_OLD = frozenset({"gold", "silver", "action_pack"})
"""Memberships that ended: they do not tell which designation followed, if any."""


def is_activated_in_partner_center(_case: Case, candidate: Candidate) -> Finding | None:
    """C-5: a global admin or the programme's partner admin activates, whatever the membership."""
    match candidate.contract.activation:
        case "active":
            return None
        case "requested":
            return about(candidate, words.ACTIVATION_PENDING)
        case _:
            return about(candidate, words.BENEFIT_NOT_ACTIVATED)


def belongs_to_designation(case: Case, candidate: Candidate) -> Finding | None:
    """C-8: what the programme still gives; on-premises incidents go with a designation."""
    benefit, partner = candidate.benefit, case.partner
    if benefit.ended:
        given = joined(case.benefits.given(benefit.group))
        return about(candidate, words.BENEFIT_ENDED, given=given)
    if benefit.group != CORE or partner is None or partner.membership == benefit.membership:
        return None
    known = partner.membership not in OF_OLD
    return about(
        candidate,
        shared.NOT_ENTITLED if known else words.DESIGNATION_UNKNOWN,
        way_to_buy(case) if known else None,
        needed=membership(benefit.membership or "none"),
        membership=membership(partner.membership),
        partner=partner.name,
    )
