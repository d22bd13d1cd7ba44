"""Kinds of support contracts: what each pays for, and whether it is counted.

Knows no contract of any partner; never opens a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.row import Row
from rules.verdict import Text

CLOUD = "cloud"
CORE = "core"
SINGLE = "single"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Benefit:
    """One kind of contract; `routes` are the portals it may pay at."""

    kind: str
    name: Text
    group: str
    routes: frozenset[str]
    counted: bool
    membership: str | None = None


@dataclass(frozen=True, slots=True)
class BenefitTable:
    """Every kind, and the day the n-1 policy began."""

    kinds: Mapping[str, Benefit]
    n_minus_one_since: date

    def of(self, kind: str) -> Benefit:
        """Give the kind; one nobody knows pays nowhere."""
        known = self.kinds.get(kind)
        return known or Benefit(kind, Text(kind, kind), UNKNOWN, frozenset(), counted=True)


def read_benefits(values: Mapping[str, object]) -> BenefitTable:
    """Parse the mapping of `values/benefits.yaml`."""
    file = Row(values, "benefits")
    routes = {name: frozenset(row.strings("routes")) for name, row in file.rows("groups")}
    return BenefitTable(
        kinds={kind: _benefit(kind, row, routes) for kind, row in file.rows("contracts")},
        n_minus_one_since=file.row("n_minus_one").day("since"),
    )


def _benefit(kind: str, row: Row, routes: Mapping[str, frozenset[str]]) -> Benefit:
    group = row.string("group")
    return Benefit(
        kind=kind,
        name=row.text("name"),
        group=group,
        routes=routes.get(group, frozenset()),
        counted=row.flag("counted"),
        membership=row.string("membership") if "membership" in row else None,
    )
