"""The request that a letter speaks of, as far as letters repeat it.

What a person wrote is made one harmless line here: no line break, no direction mark and no secret
passes into a header or a text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from contracts.redaction import redact_text

Language = Literal["ja", "en"]
LONGEST_TITLE = 120
LONGEST_NAME = 60
_BREAKING = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_PREFIXES = re.compile(
    r"(?:(?:re|aw|sv|antw|fw|fwd|返信|転送)\s*(?:\[\d+\])?\s*[:：]\s*|\[(?:TR|Q)-[0-9A-Z]{16}\]\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Whom a letter goes to and about what; `zone` is an IANA name."""

    number: str
    title: str = ""
    name: str = ""
    language: Language = "ja"
    zone: str = "Asia/Tokyo"


def about(number: str, body: dict[str, Any]) -> About:
    """Take from the request's stored body what letters repeat; raises nothing for any body."""
    contact = body.get("contact") or {}
    return About(
        number=number,
        title=one_line(_bare(body.get("title") or ""), LONGEST_TITLE),
        name=one_line(contact.get("name") or "", LONGEST_NAME),
        language=language_of(contact.get("language") or "ja"),
        zone=contact.get("time_zone") or "Asia/Tokyo",
    )


def language_of(wanted: str) -> Language:
    """Japanese for whom wants it, English for everybody else."""
    return "ja" if wanted.strip().lower().startswith("ja") else "en"


def one_line(text: str, longest: int) -> str:
    """Give the text as one line that may be shown, cut if it is longer."""
    parted = "".join(" " if unicodedata.category(sign) in _BREAKING else sign for sign in text)
    line = redact_text(" ".join(parted.split()))
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _bare(title: str) -> str:
    """Give the title without what answering and forwarding put before it."""
    title = title.lstrip()
    found = _PREFIXES.match(title)
    return title[found.end() :] if found else title
