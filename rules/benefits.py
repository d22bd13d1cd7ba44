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
class Group:
    """Kinds that pay at the same portals, and what the programme calls them together."""

    name: Text
    routes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Benefit:
    """One kind of contract; `routes` are the portals it may pay at.

    `ended`: the programme gives it no more. `source` is a letter of the values file.
    """

    kind: str
    name: Text
    group: str
    routes: frozenset[str]
    counted: bool
    membership: str | None = None
    ended: bool = False
    source: str = ""
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class BenefitTable:
    """Every kind and every group of one edition, and the day the n-1 policy began."""

    kinds: Mapping[str, Benefit]
    groups: Mapping[str, Group]
    n_minus_one_since: date

    def of(self, kind: str) -> Benefit:
        """Give the kind; one nobody knows pays nowhere."""
        known = self.kinds.get(kind)
        return known or Benefit(kind, Text(kind, kind), UNKNOWN, frozenset(), counted=True)

    def name_of(self, group: str) -> Text:
        return self.groups[group].name

    def given(self, group: str) -> tuple[Text, ...]:
        """Give the names of a group's kinds that the programme still gives."""
        kinds = (each for each in self.kinds.values() if each.group == group)
        return tuple(each.name for each in kinds if not each.ended)

    def paying_at(self, route: str) -> tuple[Text, ...]:
        """Give the names of the groups that pay at a portal."""
        return tuple(each.name for each in self.groups.values() if route in each.routes)


def read_benefits(values: Mapping[str, object], edition: str = "2018") -> BenefitTable:
    """Parse the mapping of `values/benefits.yaml`, with what the edition replaces in it."""
    file = Row(values, "benefits")
    groups = {name: _group(row) for name, row in _rows(file, edition, "groups").items()}
    checked_on = file.day("checked_on")
    kinds = _rows(file, edition, "contracts").items()
    return BenefitTable(
        kinds={kind: _benefit(kind, row, groups, checked_on) for kind, row in kinds},
        groups=groups,
        n_minus_one_since=file.row("n_minus_one").day("since"),
    )


def _rows(file: Row, edition: str, key: str) -> dict[str, Row]:
    rows = dict(file.rows(key))
    for name, replaced in file.rows("editions"):
        if name == edition:
            rows.update(replaced.rows(key))
    return rows


def _group(row: Row) -> Group:
    return Group(row.text("name"), frozenset(row.strings("routes")))


def _benefit(kind: str, row: Row, groups: Mapping[str, Group], checked_on: date) -> Benefit:
    group = row.string("group")
    return Benefit(
        kind=kind,
        name=row.text("name"),
        group=group,
        routes=groups[group].routes if group in groups else frozenset(),
        counted=row.flag("counted"),
        membership=row.string("membership") if "membership" in row else None,
        ended=row.flag("ended") if "ended" in row else False,
        source=row.string("source"),
        checked_on=row.day("checked_on") if "checked_on" in row else checked_on,
    )
