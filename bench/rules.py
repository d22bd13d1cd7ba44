"""`python -m bench.rules`: how many requests the rules decide in a second, on one core.

Decides the cases of `tests/rules/cases` over and over: every clause, every outcome, the unknown
product that is searched for. Reads no database, sends nothing, and counts processor time, so that
whatever else the machine does matters little.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence

from rules.catalogue import EDITIONS
from rules.engine import decide
from rules.facts import Facts
from tests.rules.cast import facts_of, rule_book
from tests.rules.test_cases import BY_EDITION

WANTED = 10_000
"""Decisions a second that the engine must reach."""


def main(words: Sequence[str] | None = None) -> int:
    """Print the figure of each edition; exit 1 where one is below what is wanted."""
    given = _parser().parse_args(words)
    figures = {edition: measured(edition, given.rounds, given.seconds) for edition in EDITIONS}
    _tell(figures, as_json=given.json)
    return 0 if min(figures.values()) >= WANTED else 1


def measured(edition: str, rounds: int, seconds: float) -> float:
    """Give the decisions a second of the best round: the others were disturbed."""
    book, mix = rule_book(edition), _mix(edition)

    def once_through() -> None:
        for facts in mix:
            decide(facts, book)

    once_through()
    return max(_round(once_through, len(mix), seconds) for _ in range(rounds))


def _mix(edition: str) -> list[Facts]:
    return [facts_of(case) for case in BY_EDITION[edition]]


def _round(once_through: Callable[[], None], size: int, seconds: float) -> float:
    decided, began = 0, time.process_time()
    while (used := time.process_time() - began) < seconds:
        once_through()
        decided += size
    return decided / used


def _tell(figures: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        document = {edition: round(figure) for edition, figure in figures.items()}
        sys.stdout.write(f"{json.dumps({'decisions_per_second': document, 'wanted': WANTED})}\n")
        return
    for edition, figure in figures.items():
        cases = len(BY_EDITION[edition])
        sys.stdout.write(f"edition {edition}: {figure:,.0f} decisions a second ({cases} cases)\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench.rules", description="Measures the rules alone, on one core."
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="show the best of")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S", help="length of a round")
    parser.add_argument("--json", action="store_true", help="one document for machines")
    return parser


if __name__ == "__main__":
    sys.exit(main())
