"""The outcome of looking for a contract: who was judged, what failed, who was chosen.

Holds results only; `choosing` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.benefits import Benefit
from rules.facts import Contract
from rules.remark import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A contract that might pay, as it stands before the clauses that judge contracts.

    `rivals` are the linked and usable cloud contracts that must be used up before this one.
    """

    contract: Contract
    benefit: Benefit
    linked: bool
    rivals: tuple[Contract, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruled:
    """What one clause found about one contract."""

    rule: str
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What came of it: `subjects` were named by the request, `asks` are ids still to be given.

    `findings` stand in the order of judging, contract by contract.
    """

    subjects: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    findings: tuple[Ruled, ...] = ()
    asks: tuple[str, ...] = ()
