"""How an Access ID or Contract ID is spelled before it is compared (clauses C-1 and C-2).

Never keeps, prints or compares an id; callers fingerprint what these functions return.
"""

from __future__ import annotations

import unicodedata

LONGEST = 20


def normalise(text: str) -> str:
    """Fold full-width forms, then remove every blank and invisible character (C-1)."""
    folded = unicodedata.normalize("NFKC", text)
    # Folding again: without the blank between them two characters may be one.
    return unicodedata.normalize("NFKC", "".join(char for char in folded if not _is_blank(char)))


def padded(text: str) -> tuple[str, ...]:
    """Spell the id with one zero more in front each time: what a sender may have cut off (C-2)."""
    plain = normalise(text)
    if not plain:
        return ()
    return tuple(plain.rjust(length, "0") for length in range(len(plain) + 1, LONGEST + 1))


def _is_blank(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}
