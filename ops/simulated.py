"""The simulated portals, looked at and troubled from outside, over HTTP like everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

LIMIT_S = 30.0
Rows = list[dict[str, Any]]


def tickets(url: str) -> Rows:
    """Give every ticket the portals hold."""
    return _items(url, "tickets")


def journal(url: str) -> Rows:
    """Give every call the portals got, in their order."""
    return _items(url, "journal", "calls")


def trouble(url: str, rule: Mapping[str, Any]) -> None:
    """Have calls that the rule fits go wrong; see `sandbox.faults`."""
    answer = httpx.post(f"{url}/_sandbox/faults", json=rule, timeout=LIMIT_S, trust_env=False)
    answer.raise_for_status()


def heal(url: str) -> None:
    """End all that is left of such troubles."""
    answer = httpx.delete(f"{url}/_sandbox/faults", timeout=LIMIT_S, trust_env=False)
    answer.raise_for_status()


def _items(url: str, what: str, name: str | None = None) -> Rows:
    answer = httpx.get(f"{url}/_sandbox/{what}", timeout=LIMIT_S, trust_env=False)
    found: Rows = answer.raise_for_status().json()[name or what]
    return found
