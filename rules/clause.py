"""One clause of the article as the engine sees it: when it is asked, and what it says.

Never runs anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rules.case import Case
from rules.choice import Candidate
from rules.remark import Finding, Remark
from rules.verdict import Text

Asked = Callable[[Case], bool]
Judge = Callable[[Case], Iterable[Remark]]
Weigh = Callable[[Case, Candidate], Finding | None]


def says_nothing(_case: Case) -> Sequence[Remark]:
    """Stand for a clause whose effect lies elsewhere, or that only judges contracts."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A rule: its id, its place in the article, what it demands, and the functions that ask it.

    `judge` looks at the request, `weigh` at one contract.
    """

    id: str
    section: str
    title: Text
    asked: Asked
    judge: Judge = says_nothing
    weigh: Weigh | None = None

    def remarks(self, case: Case) -> tuple[Remark, ...]:
        return tuple(self.judge(case)) if self.asked(case) else ()
