"""The sentences that a clause is tested by, where the source tree is at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import rules
from rules.catalogue import EDITIONS
from workers.rulebook import LOADER

FOLDER = Path(rules.__path__[0]).parent / "tests" / "rules" / "cases"
"""The article's cases; those of a later edition are in a folder of its name below it."""


@dataclass(frozen=True, slots=True)
class RuleCase:
    """One sentence, and the decision it expects."""

    name: str
    file: str
    outcome: str
    reasons: tuple[str, ...]


def cases_of(rule: str, edition: str, folder: Path = FOLDER) -> tuple[RuleCase, ...]:
    """Give the edition's cases whose reasons name the clause, or which say that it was asked."""
    its = folder if edition == next(iter(EDITIONS)) else folder / edition
    return tuple(case for case, rules_named in _cases(its) if rule in rules_named)


def _cases(folder: Path) -> Iterator[tuple[RuleCase, frozenset[str]]]:
    for file in sorted(folder.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        rows: list[Mapping[str, Any]] = yaml.load(text, LOADER)  # noqa: S506  (a safe loader)
        for row in rows:
            expected = row["expect"]
            reasons = tuple(expected.get("reasons", ()))
            named = {reason.split()[0] for reason in reasons} | {*expected.get("checked", ())}
            yield RuleCase(row["name"], file.name, expected["outcome"], reasons), frozenset(named)
