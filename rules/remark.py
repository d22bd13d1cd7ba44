"""What one clause may say about a request; the engine folds all remarks into a verdict.

A remark names no clause: the engine stamps the id and the section of the one that spoke.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.verdict import Outcome, Plan, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The clause fails."""

    code: str
    outcome: Outcome
    message: Text
    remedy: Text
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the sender should know; changes no outcome."""

    code: str


@dataclass(frozen=True, slots=True)
class Fill:
    """The clause settled a field by itself."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where the request enters the portal."""

    entry: str


@dataclass(frozen=True, slots=True)
class Payment:
    """What the request is filed on, should every clause hold."""

    plan: Plan
    incidents: int = 0
    link: bool = False
    notice: str | None = None


Remark = Finding | Notice | Fill | Door | Payment
