"""Splits a person's name into the first and last name that Azure asks for. Never guesses more."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_FAMILY_FIRST = ("CJK ", "HIRAGANA ", "KATAKANA ", "HANGUL ")


class PersonName(NamedTuple):
    """Both parts are required by Azure and never empty."""

    first: str
    last: str


def split_name(full: str) -> PersonName:
    """Japanese, Chinese and Korean names begin with the family; a single word serves as both."""
    words = full.split()
    if not words:
        return PersonName("-", "-")
    if len(words) == 1:
        return PersonName(words[0], words[0])
    if "," in words[0]:
        return PersonName(" ".join(words[1:]), words[0].rstrip(","))
    if unicodedata.name(words[0][0], "").startswith(_FAMILY_FIRST):
        return PersonName(" ".join(words[1:]), words[0])
    return PersonName(" ".join(words[:-1]), words[-1])
