"""How a chosen contract pays, and how the ids of one not chosen yet are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from rules.asking import missing
from rules.case import Case
from rules.choice import Choice
from rules.remark import Payment, Remark
from rules.verdict import Plan
from rules.words.fields import IDS_IN_PARTNER_CENTER


def by_contract(case: Case) -> Iterator[Remark]:
    """Ask for what is missing of the ids, or pay with the contract that was chosen."""
    if case.choice is not None:
        for field in case.choice.asks:
            yield missing(field)
        yield from _payment(case.choice)


def by_contract_of_today(case: Case) -> Iterator[Remark]:
    """Ask for ids that Partner Center shows, no longer for those sent to a contact (C-7)."""
    if case.choice is not None:
        for field in case.choice.asks:
            yield missing(field, IDS_IN_PARTNER_CENTER)
        yield from _payment(case.choice)


def _payment(choice: Choice) -> Iterator[Payment]:
    if choice.chosen is not None:
        contract, benefit = choice.chosen.contract, choice.chosen.benefit
        yield Payment(
            Plan(contract.kind, contract.name),
            incidents=1 if benefit.counted else 0,
            link=not choice.chosen.linked,
        )
