"""Finds the service and the problem classification that a sender's words mean.

Azure's names change and split what senders call one product; so names are compared folded, then
by their words, then by likeness. Never asks Azure.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from adapters.errors import Refused
from adapters.portals.port import Order

SERVICE_CUT = 0.8
PROBLEM_CUT = 0.6
SHOWN_NAMES = 3

SERVICE_OF_KIND = {
    "billing": "Billing",
    "subscription": "Subscription management",
    "quota": "Service and subscription limits (quotas)",
}
"""Requests that are not technical have services of their own."""

_ENTRA = "Microsoft Entra Directories, Domains, and Objects"
ALSO_CALLED = {
    "App Service": "Web App (Windows)",
    "Azure Active Directory": _ENTRA,
    "Azure AI Services": "Cognitive Services",
    "Azure Files": "Files Storage",
    "Azure File Sync": "Files Storage",
    "Azure Functions": "Function App",
    "Azure Monitor": "Alerts and Action Groups",
    "Azure OpenAI Service": "OpenAI",
    "Cost Management and Billing": "Billing",
    "Managed Disks": "Disk Storage",
    "Microsoft Entra ID": _ENTRA,
    "Microsoft Entra ID (formerly Azure Active Directory)": _ENTRA,
    "Storage": "Storage Account Management",
}
"""Products whose service has another name, or shares its words with a narrower one.

Services as the live list named them on 2024-05-01; where it has the product's own name, that wins.
"""

_VENDOR = frozenset({"azure", "microsoft"})
_USUAL_SYSTEM = frozenset({"window"})
"""Where Azure splits a product by system and the sender names none; words here are singular."""
_CATCH_ALL = re.compile(r"\b(other|general|not listed)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")
"""Latin words apart from what follows them without a blank, as in Windowsの."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A service or a problem classification, as Azure lists it."""

    id: str
    name: str
    resource_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Under what an order is filed, and what its description must say because the list cannot."""

    service_id: str
    problem_id: str
    remarks: tuple[str, ...] = ()


def choose_service(services: Sequence[Entry], order: Order) -> Entry:
    """Choose the service; refuse, with the closest names, what none comes near to."""
    named = SERVICE_OF_KIND.get(order.kind, order.product_name)
    found = (
        _same(services, named)
        or _same(services, _also_called(named))
        or _family(services, named, order)
        or _closest(services, named, SERVICE_CUT)
    )
    if found is None:
        raise Refused("unknown_service", _unknown(services, order.product_name))
    return found


def choose_problem(problems: Sequence[Entry], problem_type: str | None) -> tuple[Entry, bool]:
    """Choose the classification, and say whether it is the sender's own word for word."""
    if not problems:
        raise Refused("unknown_problem", "Azure lists no problem classification for this service.")
    wanted = problem_type or ""
    same = _same(problems, wanted)
    if same is not None:
        return same, True
    close = _closest(problems, wanted, PROBLEM_CUT)
    return close or _catch_all(problems), False


@lru_cache(maxsize=4_096)
def folded(name: str) -> str:
    """Fold case, width, blanks and hyphens away."""
    return "".join(_WORD.findall(unicodedata.normalize("NFKC", name).casefold()))


@lru_cache(maxsize=4_096)
def words(name: str) -> frozenset[str]:
    """Take a name's words, singular, without the vendor's own name."""
    found = _WORD.findall(unicodedata.normalize("NFKC", name).casefold())
    return frozenset(_singular(word) for word in found) - _VENDOR


def _same(entries: Sequence[Entry], name: str) -> Entry | None:
    wanted = folded(name)
    exact = next((entry for entry in entries if folded(entry.name) == wanted), None)
    if exact is not None or not words(name):
        return exact
    return next((entry for entry in entries if words(entry.name) == words(name)), None)


def _also_called(name: str) -> str:
    known = (service for alias, service in ALSO_CALLED.items() if words(alias) == words(name))
    return next(known, name)


def _family(services: Sequence[Entry], name: str, order: Order) -> Entry | None:
    """Choose among the services whose names hold all words of the product's."""
    wanted = words(name)
    family = [entry for entry in services if wanted and wanted <= words(entry.name)]
    said = words(f"{order.title} {order.description}")
    kind = _resource_type(order.resource_id)

    def fitness(entry: Entry) -> tuple[bool, int, bool, int]:
        rest = words(entry.name) - wanted
        ours = kind in {name.casefold() for name in entry.resource_types}
        return ours, len(rest & said), rest >= _USUAL_SYSTEM, -len(rest)

    return max(family, key=fitness, default=None)


def _closest(entries: Sequence[Entry], name: str, cut: float) -> Entry | None:
    """Compare without the vendor's name, which makes short names look alike."""
    by_name = {_core(entry.name): entry for entry in entries}
    close = difflib.get_close_matches(_core(name), by_name, n=1, cutoff=cut)
    return by_name[close[0]] if close else None


def _catch_all(problems: Sequence[Entry]) -> Entry:
    return next((entry for entry in problems if _CATCH_ALL.search(entry.name)), problems[0])


def _unknown(services: Sequence[Entry], name: str) -> str:
    by_name = {folded(entry.name): entry.name for entry in services}
    close = difflib.get_close_matches(folded(name), by_name, n=SHOWN_NAMES, cutoff=0.0)
    listed = ", ".join(by_name[key] for key in close)
    return f"Azure lists no service named {name!r}; the closest are: {listed}."


def _core(name: str) -> str:
    found = _WORD.findall(unicodedata.normalize("NFKC", name).casefold())
    return "".join(word for word in found if word not in _VENDOR)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > len("gas") and word.endswith("s") else word


def _resource_type(resource_id: str | None) -> str | None:
    """Read `Provider/type` out of an ARM id."""
    parts = (resource_id or "").casefold().partition("/providers/")[2].split("/")
    return "/".join(parts[:2]) if len(parts) > 1 else None
