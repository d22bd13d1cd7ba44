"""The dated values that clauses stand on, each with its source and the day it was checked.

Which clause uses which table stands here alone; what a value means, the rules say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.benefits import Benefit
from rules.verdict import Text
from workers.rulebook import Shelf


@dataclass(frozen=True, slots=True)
class Source:
    """Where values were read; rows name it by its letter."""

    letter: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Value:
    """One row: what it is about, what it says, and how we know."""

    key: str
    name: Text
    says: Mapping[str, Any]
    source: Source
    checked_on: str

    def as_dict(self) -> dict[str, Any]:
        source = {"letter": self.source.letter, "title": self.source.title}
        return {
            "key": self.key,
            "name": self.name.as_dict(),
            **{name: _plain(value) for name, value in self.says.items()},
            "source": {**source, "href": self.source.href},
            "checked_on": self.checked_on,
        }


def values_of(rule: str, shelf: Shelf) -> tuple[Value, ...]:
    """Give the rows of the tables that a clause uses; none for most."""
    return tuple(value for table in USES.get(rule, ()) for value in table.rows(shelf))


# ---- The tables ----------------------------------------------------------------------------------


def products(shelf: Shelf) -> Iterator[Value]:
    """Give every product, with the route of its family."""
    for one in shelf.book.products.products.values():
        source = _source(shelf.products, one.source)
        yield Value(one.key, one.name, {"route": one.route}, source, str(one.checked_on))


def life_cycles(shelf: Shelf) -> Iterator[Value]:
    """Give every version of an installed product, from its release to the end of its support."""
    for one in shelf.book.products.products.values():
        if one.released is None:
            continue
        days = {
            "released": one.released,
            "mainstream_end": one.mainstream_end,
            "extended_end": one.extended_end,
        }
        source = _source(shelf.products, one.source)
        yield Value(one.key, one.name, days, source, str(one.checked_on))


def policy(shelf: Shelf) -> Iterator[Value]:
    """Give the day from which a version past its mainstream end is refused (n-1 policy)."""
    row, name = shelf.benefits["n_minus_one"], Text("n-1 ポリシー", "n-1 policy")
    source = _source(shelf.benefits, row["source"])
    checked_on = row.get("checked_on", shelf.benefits["checked_on"])
    since = {"since": shelf.book.benefits.n_minus_one_since}
    yield Value("n_minus_one", name, since, source, str(checked_on))


def routes(shelf: Shelf) -> Iterator[Value]:
    """Give the portals at which each kind of contract pays, and whether one can still get it."""
    for one in _kinds(shelf):
        says = {"group": one.group, "routes": sorted(one.routes), "given": not one.ended}
        yield _of_benefit(shelf, one, says)


def counted(shelf: Shelf) -> Iterator[Value]:
    """Say of each kind of contract whether it is counted in incidents."""
    return (_of_benefit(shelf, one, {"counted": one.counted}) for one in _kinds(shelf))


def memberships(shelf: Shelf) -> Iterator[Value]:
    """Give the membership that each core benefit belongs to."""
    return (
        _of_benefit(shelf, one, {"membership": one.membership})
        for one in _kinds(shelf)
        if one.membership is not None
    )


@dataclass(frozen=True, slots=True)
class Table:
    """One table of values: what it is called, what it is about, and its rows."""

    name: str
    about: str
    rows: Callable[[Shelf], Iterator[Value]]


PRODUCTS = Table("products", "Every product, with the route of its family.", products)
LIFE_CYCLES = Table(
    "life cycles", "Every version of an installed product; an end of `open` is none.", life_cycles
)
POLICY = Table("n-1 policy", "From this day a version past its mainstream end is refused.", policy)
ROUTES = Table(
    "routes of contracts",
    "At which portals each kind of contract pays, and whether one can still get it.",
    routes,
)
COUNTED = Table("counted contracts", "Which kinds of contract are counted in incidents.", counted)
MEMBERSHIPS = Table("memberships", "To which membership each core benefit belongs.", memberships)

USES: Mapping[str, tuple[Table, ...]] = {
    "R-1": (PRODUCTS,),
    "R-2": (PRODUCTS,),
    "A-3": (ROUTES,),
    "A-4": (ROUTES,),
    "P-3": (ROUTES,),
    "P-4": (POLICY, LIFE_CYCLES),
    "P-5": (LIFE_CYCLES,),
    "P-8": (COUNTED,),
    "C-4": (COUNTED,),
    "C-8": (MEMBERSHIPS,),
}


def _kinds(shelf: Shelf) -> Iterable[Benefit]:
    return shelf.book.benefits.kinds.values()


def _of_benefit(shelf: Shelf, one: Benefit, says: Mapping[str, Any]) -> Value:
    return Value(one.kind, one.name, says, _source(shelf.benefits, one.source), str(one.checked_on))


def _source(file: Mapping[str, Any], letter: str) -> Source:
    row = file["sources"][letter]
    return Source(letter, row["title"], row["href"])


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | list) else str(value)


def cell(value: object) -> str:
    """Say one value of a table as people read it."""
    match value:
        case None:
            return "open"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)
