"""The product catalogue: finds a product by key or by any of its names, and orders versions.

Never guesses: a name that is only near is offered, not taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.folding import fold
from rules.near import NearNames
from rules.product import Family, Product
from rules.verdict import Text

Entry = Product | Family
Naming = tuple[str, Entry]
"""One spelling and what it names."""


@dataclass(frozen=True, slots=True)
class ProductCatalogue:
    """Every product, by key, by folded name, and by line of succession."""

    products: Mapping[str, Product]
    families: Mapping[str, Family]
    index: Mapping[str, Entry]
    lines: Mapping[str, tuple[Product, ...]]
    near: NearNames

    def find(self, name: str) -> Entry | None:
        return self.index.get(fold(name))

    def closest(self, name: str, day: date, limit: int = 3) -> tuple[Text, ...]:
        """Give the names nearest to what was written, nearest first, none twice."""
        near = self.near.to(fold(name), limit * 5)
        entries = (self.index[spelling] for spelling in near)
        names = dict.fromkeys(entry.name for entry in entries if _offered(entry, day))
        return tuple(names)[:limit]

    def current(self, product: Product, day: date) -> tuple[Product, ...]:
        """Give n and n-1 of the product's line on that day; equal ordinals stand together."""
        out = [each for each in self.lines[product.line] if each.is_released(day)]
        newest = sorted({each.ordinal for each in out}, reverse=True)[:2]
        return tuple(each for each in out if each.ordinal in newest)


def product_catalogue(families: Iterable[Family], namings: Iterable[Naming]) -> ProductCatalogue:
    """Build the catalogue; the first naming of a spelling wins, so keys and names come first."""
    known = tuple(families)
    products = {member.key: member for family in known for member in family.members}
    index: dict[str, Entry] = {}
    for spelling, entry in namings:
        index.setdefault(fold(spelling), entry)
    return ProductCatalogue(
        products=products,
        families={family.key: family for family in known},
        index=index,
        lines=_lines(products.values()),
        near=NearNames(index),
    )


def _lines(products: Iterable[Product]) -> dict[str, tuple[Product, ...]]:
    lines: dict[str, tuple[Product, ...]] = {}
    for product in products:
        lines[product.line] = (*lines.get(product.line, ()), product)
    return lines


def _offered(entry: Entry, day: date) -> bool:
    return entry.is_released(day) if isinstance(entry, Product) else bool(entry.released(day))
