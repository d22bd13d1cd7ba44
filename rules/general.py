"""Clauses G: what every request names, and whether its partner and agent are known."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import is_given, missing_among
from rules.case import Case
from rules.remark import Remark
from rules.wording import shown
from rules.words import general as words


def names_the_required(case: Case) -> Iterator[Remark]:
    """G-1: partner, agent, product, title, description; the partner portal needs no product."""
    request = case.request
    yield from missing_among({"partner": request.partner, "agent": request.agent})
    if not case.for_partner_portal:
        yield from missing_among({"product": request.product})
    yield from missing_among({"title": request.title, "description": request.description})


def parties_are_known(case: Case) -> Iterator[Remark]:
    """G-2: the partner and its agent are in the directory."""
    partner, agent = case.request.partner or "", case.request.agent
    if case.partner is None:
        yield words.UNKNOWN_PARTNER.finding(partner=shown(partner, digits=9))
    elif is_given(agent) and case.agent is None:
        yield words.UNKNOWN_AGENT.finding(agent=shown(agent or ""), partner=case.partner.name)
