"""Which product a free text speaks of: the one it names, if it names one and no other.

Never guesses: two products, or a word that is only near, give nothing.
"""

from __future__ import annotations

import re
import unicodedata

from rules.product import Family, Product
from rules.products import Entry, ProductCatalogue

LONGEST = 20_000
"""So many characters of a text are looked through; what a mail is about stands at its top."""

WORDS = 8
"""A name has no more words than this."""

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]*|[ァ-ヺー]+|[一-鿿々]+")
_GAP = re.compile(r"[ \t\u3000/・-]{0,2}")
_SHORTEST = 5
"""A name of one word must have so many letters: SQL or Teams stand in many texts."""


def mentioned(catalogue: ProductCatalogue, *texts: str) -> str | None:
    """Give the key of the one product that the first text names that names any."""
    for text in texts:
        if found := _named(catalogue, unicodedata.normalize("NFKC", text[:LONGEST])):
            return _sole(found)
    return None


def _named(catalogue: ProductCatalogue, text: str) -> dict[str, Entry]:
    words = list(_WORD.finditer(text))
    found: dict[str, Entry] = {}
    at = 0
    while at < len(words):
        length, entry = _longest(catalogue, text, words[at : at + WORDS])
        if entry is not None:
            found[entry.key] = entry
        at += length
    return found


def _longest(
    catalogue: ProductCatalogue, text: str, words: list[re.Match[str]]
) -> tuple[int, Entry | None]:
    """Give how many words the longest name has that begins here, and what it names."""
    last = next((n for n in range(1, len(words)) if not _adjoin(text, words, n)), len(words))
    for length in range(last, 0, -1):
        name = text[words[0].start() : words[length - 1].end()].rstrip(".")
        entry = catalogue.find(name)
        if entry is not None and (length > 1 or _is_name(name)):
            return length, entry
    return 1, None


def _adjoin(text: str, words: list[re.Match[str]], at: int) -> bool:
    return _GAP.fullmatch(text, words[at - 1].end(), words[at].start()) is not None


def _is_name(word: str) -> bool:
    """Whether a single word is written as a name is: `exchange` is also a verb."""
    return len(word) >= _SHORTEST and (not word.isascii() or not word.islower())


def _sole(found: dict[str, Entry]) -> str | None:
    """Give the only product; a family says nothing beside one of its own versions."""
    products = [entry for entry in found.values() if isinstance(entry, Product)]
    named = {product.family for product in products}
    families = [
        entry for key, entry in found.items() if isinstance(entry, Family) and key not in named
    ]
    sole: list[Entry] = [*products, *families]
    return sole[0].key if len(sole) == 1 else None
