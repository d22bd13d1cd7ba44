"""The label the Azure portal shows instead of a plan's name (clause A-7), both ways.

Such as `17 SCS – 46xxxxx – unk (xxxxxxx)`: year, text, partner id, then what the portal adds.
Never decides anything.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

CENTURY = 2000

_SHAPE = re.compile(
    r"(?P<year>\d{2})\s+(?P<text>\S.*?)\s+[-‐‑‒–—―−]\s+(?P<partner>[\dx]+)"
    r"\s+[-‐‑‒–—―−]\s+(?P<region>\S+)\s*\((?P<number>[\dx]+)\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PlanLabel:
    """What a label says: the contract's year and text, whose it is, and the portal's own part."""

    year: int
    text: str
    partner: str
    region: str
    number: str

    def shown(self) -> str:
        """Write the label as the portal does."""
        short_year = self.year % 100
        return f"{short_year:02d} {self.text} – {self.partner} – {self.region} ({self.number})"


def parse(label: str) -> PlanLabel | None:
    """Read a label as the portal shows it; None when it is none."""
    plain = " ".join(unicodedata.normalize("NFKC", label).split())
    found = _SHAPE.fullmatch(plain)
    if found is None:
        return None
    return PlanLabel(
        year=CENTURY + int(found["year"]),
        text=found["text"],
        partner=found["partner"],
        region=found["region"],
        number=found["number"],
    )
