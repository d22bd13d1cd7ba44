"""How a chosen contract pays, and how the ids of one not chosen yet are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import missing
from rules.case import Case
from rules.remark import Payment, Remark
from rules.verdict import Plan


def by_contract(case: Case) -> Iterator[Remark]:
    """Ask for what is missing of the ids, or pay with the contract that was chosen."""
    choice = case.choice
    if choice is None:
        return
    for field in choice.asks:
        yield missing(field)
    if choice.chosen is not None:
        contract, benefit = choice.chosen.contract, choice.chosen.benefit
        yield Payment(
            Plan(contract.kind, contract.name),
            incidents=1 if benefit.counted else 0,
            link=not choice.chosen.linked,
        )
