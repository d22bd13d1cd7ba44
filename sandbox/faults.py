"""Fault scripts: rules that say which call goes wrong, how, and how many times.

    rules:
      - portal: azure
        operation: create
        match: (?i)quota
        times: 2
        fault: {status: 429, retry_after: 3}
      - {portal: onprem, operation: create, match: "落ちる", fault: drop_after}
      - {operation: poll, times: null, fault: {slow: 2.5}}

`portal` and `operation` default to "*", `times` to 1 (null: for ever), `match` to every title and
description. Only reads; `sandbox.fault_book` counts, `sandbox.delivery` carries out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sandbox.call import OPERATIONS, PORTALS, Call
from sandbox.fault_kinds import Fault, UnreadableFault, read_fault

FIELDS = {"portal", "match", "operation", "times", "fault"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the script."""

    portal: str
    operation: str
    pattern: re.Pattern[str] | None
    times: int | None
    fault: Fault

    def fits(self, call: Call) -> bool:
        return (
            self.portal in ("*", call.portal)
            and (self.operation == "*" or self.operation in call.operations)
            and (self.pattern is None or self.pattern.search(call.text) is not None)
        )


def read_rule(source: Mapping[str, Any]) -> Rule:
    unknown = set(source) - FIELDS
    if unknown or "fault" not in source:
        raise UnreadableFault(f"unknown {sorted(unknown)}" if unknown else "a rule needs `fault`")
    portal, operation = str(source.get("portal", "*")), str(source.get("operation", "*"))
    if portal not in ("*", *PORTALS) or operation not in ("*", *OPERATIONS):
        raise UnreadableFault(f"unknown portal or operation: {portal}, {operation}")
    times = source.get("times", 1)
    if times is not None and (not isinstance(times, int) or times < 1):
        raise UnreadableFault(f"`times` is a whole number from 1, or null for ever: {times!r}")
    return Rule(portal, operation, read_pattern(source), times, read_fault(source["fault"]))


def read_pattern(source: Mapping[str, Any]) -> re.Pattern[str] | None:
    match = source.get("match")
    try:
        return re.compile(match) if match else None
    except (re.error, TypeError) as broken:
        raise UnreadableFault(f"`match` is no regular expression: {match!r}") from broken


def rules_of(document: object) -> list[Mapping[str, Any]]:
    """Accept one rule, a list of rules, or `{rules: [...]}`."""
    if isinstance(document, Mapping):
        document = document.get("rules", [document])
    if not isinstance(document, list) or not all(isinstance(rule, Mapping) for rule in document):
        raise UnreadableFault("a script is a list of rules")
    return document


def read_script(path: Path) -> list[Mapping[str, Any]]:
    """Read a fault file; JSON is YAML too."""
    rules = rules_of(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
    for rule in rules:
        read_rule(rule)
    return rules
