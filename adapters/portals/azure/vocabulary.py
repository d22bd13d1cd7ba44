"""Azure's words for ours: severities, time zones, countries, languages. Tables and look-ups."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from adapters.portals.port import Severity

SEVERITIES: dict[Severity, str] = {"A": "critical", "B": "moderate", "C": "minimal"}
_OURS: dict[str, Severity] = {
    "highestcriticalimpact": "A",
    "critical": "A",
    "moderate": "B",
    "minimal": "C",
}
_LANGUAGES = {
    "de": "de-de",
    "en": "en-us",
    "es": "es-es",
    "fr": "fr-fr",
    "it": "it-it",
    "ja": "ja-jp",
    "ko": "ko-kr",
    "pt": "pt-br",
    "ru": "ru-ru",
    "zh": "zh-hans",
}
_TRADITIONAL_CHINESE = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")
DEFAULT_LANGUAGE = "en-us"


def our_severity(word: str | None, default: Severity) -> Severity:
    """Read a severity in any case; the service answers `Minimal` to `minimal`."""
    return _OURS.get((word or "").casefold(), default)


def support_language(tag: str) -> str:
    """Choose the nearest of the eleven languages that support is given in."""
    folded = tag.replace("_", "-").casefold()
    if folded.startswith(_TRADITIONAL_CHINESE):
        return "zh-tw"
    return _LANGUAGES.get(folded.partition("-")[0], DEFAULT_LANGUAGE)


def windows_zone(iana: str) -> str | None:
    return _windows_zones().get(iana.casefold())


def alpha3(alpha2: str) -> str | None:
    return _countries().get(alpha2.upper())


@cache
def _windows_zones() -> dict[str, str]:
    zones = _table("time_zones.json")["zones"]
    return {iana.casefold(): windows for windows, names in zones.items() for iana in names}


@cache
def _countries() -> dict[str, str]:
    countries: dict[str, str] = _table("countries.json")["countries"]
    return countries


def _table(name: str) -> dict[str, Any]:
    text = resources.files("adapters.portals.azure").joinpath(name).read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
