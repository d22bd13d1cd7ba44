"""Which names are near to one that was written: those that share pairs of letters with it.

Compares spellings already folded; offers, and never decides that two names mean the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise

ALIKE = 0.6
"""How alike a name must be to be offered, from 0 to 1."""

CONSIDERED = 60
"""So many spellings with the most pairs in common are looked at closely: that is slow."""

REMEMBERED = 1024
"""The same slip is made again and again: so many answers are kept."""


class NearNames:
    """Spellings, found by the pairs of letters they are made of."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._by_pair: dict[str, list[str]] = {}
        for spelling in spellings:
            for pair in _pairs(spelling):
                self._by_pair.setdefault(pair, []).append(spelling)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._search)

    def to(self, name: str, limit: int) -> tuple[str, ...]:
        """Give the spellings nearest to the name, nearest first."""
        return self._remembered(name, limit)

    def _search(self, name: str, limit: int) -> tuple[str, ...]:
        shared = Counter(each for pair in _pairs(name) for each in self._by_pair.get(pair, ()))
        # A long spelling shares more by chance: what counts is the share of both.
        ranked = sorted(shared, key=lambda each: (-shared[each] / (len(each) + len(name)), each))
        return tuple(get_close_matches(name, ranked[:CONSIDERED], n=limit, cutoff=ALIKE))


def _pairs(spelling: str) -> frozenset[str]:
    """Give each two letters that stand together; the ends count as letters."""
    return frozenset(f"{one}{other}" for one, other in pairwise(f"^{spelling}$"))
