"""Retry-After in every spelling that portals and the proxies before them have sent.

RFC 9110, 10.2.3: whole seconds or an HTTP-date. Azure Resource Manager's page on throttling names
seconds; dates, dates that are past, and a year come from gateways in between. Only spells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate

#: A year: whoever obeys it has stopped working.
ABSURD_S = 365 * 24 * 3600
SPELLINGS = ("seconds", "date", "past", "absurd", "missing", "raw")


@dataclass(frozen=True, slots=True)
class RetryAfter:
    """How to spell the wait, and the wait."""

    spelling: str
    seconds: float = 1.0
    raw: str = ""

    def header(self, now: float) -> str | None:
        match self.spelling:
            case "date":
                return formatdate(now + self.seconds, usegmt=True)
            case "past":
                return formatdate(now - 3600, usegmt=True)
            case "absurd":
                return str(ABSURD_S)
            case "raw":
                return self.raw
            case "missing":
                return None
            case _:
                return f"{self.seconds:g}"


def read_retry_after(source: object) -> RetryAfter:
    """Read `3`, `date`, `{date: 3}`, `{spelling: date, seconds: 3}`; other text is sent as is."""
    match source:
        case None:
            return RetryAfter("missing")
        case bool():
            raise ValueError(source)
        case int() | float():
            return RetryAfter("seconds", float(source))
        case str():
            return RetryAfter(source) if source in SPELLINGS else RetryAfter("raw", raw=source)
        case Mapping():
            return read_mapping(source)
        case _:
            raise ValueError(source)


def read_mapping(source: Mapping[str, object]) -> RetryAfter:
    if "spelling" in source:
        spelling, value = str(source["spelling"]), source.get("seconds", source.get("raw", 1.0))
    else:
        ((spelling, value),) = source.items()
    if spelling not in SPELLINGS:
        raise ValueError(spelling)
    if spelling == "raw":
        return RetryAfter("raw", raw=str(value))
    return RetryAfter(spelling, float(str(value)))
