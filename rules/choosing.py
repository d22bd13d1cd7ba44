"""How a contract is judged, and how one is chosen among several.

The clauses say what is wrong with a contract; here stands only whose turn it is to be judged,
what is told of it, and who is taken. The order of contracts in the facts never matters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from rules.benefits import CLOUD, CORE
from rules.case import AZURE, Case
from rules.choice import Candidate, Choice, Ruled
from rules.clause import Clause
from rules.facts import Contract
from rules.lifecycle import is_covered
from rules.naming import IDS, given_ids, identity

ENDLESS = float("inf")


def choose(case: Case, weighing: Sequence[Clause], *, may_ask: bool) -> Choice:
    """Judge the contracts in question by the given clauses, in their order, and take one.

    `may_ask` is false while the agent is refused or unknown: then no ids are asked for.
    """
    linked = tuple(candidate for candidate in _candidates(case) if candidate.linked)
    usable = _ranked(case, (each for each in linked if not _judged(case, weighing, each)))
    choice = (
        _among_named(case, weighing, _cloud(usable))
        if case.names_contract
        else _among_linked(case, weighing, linked, usable)
    )
    return choice if may_ask else replace(choice, asks=())


def _among_named(case: Case, weighing: Sequence[Clause], rivals: tuple[Contract, ...]) -> Choice:
    """Judge what the request names; an unlinked one needs both its ids, once it passes."""
    named = case.subjects
    subjects = tuple(
        replace(each, rivals=rivals) for each in _candidates(case) if each.contract in named
    )
    good = _ranked(case, (each for each in subjects if not _judged(case, weighing, each)))
    if not good:
        return Choice(subjects=subjects, findings=_all_judged(case, weighing, subjects))
    best = good[0]
    asks = () if best.linked else tuple(id_ for id_ in IDS if id_ not in given_ids(case.request))
    return Choice(subjects=subjects, chosen=None if asks else best, asks=asks)


def _among_linked(
    case: Case,
    weighing: Sequence[Clause],
    linked: tuple[Candidate, ...],
    usable: list[Candidate],
) -> Choice:
    """Take a usable linked contract; else tell what the linked ones fail; else ask for ids."""
    if usable:
        fitting = [each for each in usable if _serves_version(case, each)]
        return Choice(chosen=(fitting or usable)[0])
    possible = tuple(each for each in linked if case.route in each.benefit.routes)
    asks = () if possible else IDS
    return Choice(findings=_all_judged(case, weighing, possible), asks=asks)


def _candidates(case: Case) -> tuple[Candidate, ...]:
    links = frozenset[str]() if case.agent is None else case.agent.linked_contracts
    return tuple(
        Candidate(
            contract=contract,
            benefit=case.benefits.of(contract.kind),
            linked=contract.name in links,
        )
        for contract in case.contracts
    )


def _judged(case: Case, weighing: Sequence[Clause], candidate: Candidate) -> tuple[Ruled, ...]:
    found = ((clause.id, clause.weigh(case, candidate)) for clause in weighing if clause.weigh)
    return tuple(Ruled(rule, finding) for rule, finding in found if finding is not None)


def _all_judged(
    case: Case, weighing: Sequence[Clause], candidates: Iterable[Candidate]
) -> tuple[Ruled, ...]:
    return tuple(ruled for each in candidates for ruled in _judged(case, weighing, each))


def _serves_version(case: Case, candidate: Candidate) -> bool:
    return candidate.benefit.group != CORE or is_covered(case)


def _cloud(candidates: Iterable[Candidate]) -> tuple[Contract, ...]:
    return tuple(each.contract for each in candidates if each.benefit.group == CLOUD)


def _ranked(case: Case, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Linked first; on Azure cloud before core; then first to expire, fewest left, by name."""

    def rank(each: Candidate) -> tuple[bool, bool, date, float, tuple[str, ...]]:
        contract = each.contract
        return (
            not each.linked,
            case.route == AZURE and each.benefit.group != CLOUD,
            contract.expires_on or date.max,
            ENDLESS if contract.available is None else contract.available,
            identity(contract),
        )

    return sorted(candidates, key=rank)
