"""A product and a family of products: names in both languages, route, dated life cycle.

Knows nothing of requests or contracts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.verdict import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One version of an installed product, or one cloud service.

    `line` and `ordinal` order versions for n and n-1; an end of None is open.
    """

    key: str
    family: str
    name: Text
    route: str
    source: str
    checked_on: date
    client: bool = False
    line: str = ""
    ordinal: int = 0
    released: date | None = None
    mainstream_end: date | None = None
    extended_end: date | None = None

    def is_released(self, day: date) -> bool:
        return self.released is None or self.released <= day

    def in_mainstream(self, day: date) -> bool:
        return self.mainstream_end is None or day <= self.mainstream_end

    def in_support(self, day: date) -> bool:
        return self.extended_end is None or day <= self.extended_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Products under one name: it routes a request, but does not say which version."""

    key: str
    name: Text
    route: str
    client: bool
    members: tuple[Product, ...]

    def released(self, day: date) -> tuple[Product, ...]:
        return tuple(member for member in self.members if member.is_released(day))
