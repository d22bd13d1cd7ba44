"""How product names are made comparable: only letters, digits and inner dots matter.

Knows no product.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 120
"""A name is never longer; more would only make the search for near names slow."""

REMEMBERED = 4096
"""The same products are named again and again: so many spellings are not folded anew."""

_SERVER_IN_KANA = re.compile("サ[ーｰ]?バ[ーｰ]?")
_MAKER = re.compile("^(microsoft|マイクロソフト)")
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def fold(name: str) -> str:
    """Fold to letters and digits; a dot stays between digits, so 8.1 is not 81."""
    return _folded(name[:LONGEST])


@lru_cache(maxsize=REMEMBERED)
def _folded(name: str) -> str:
    wide = unicodedata.normalize("NFKC", name).casefold()
    english = _SERVER_IN_KANA.sub("server", wide.translate(_HIRAGANA_TO_KATAKANA))
    kept = (char for at, char in enumerate(english) if _counts(english, at, char))
    return _MAKER.sub("", "".join(kept))


def _counts(text: str, at: int, char: str) -> bool:
    if char == ".":
        return text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
    return char.isalnum() and char != "ー"
