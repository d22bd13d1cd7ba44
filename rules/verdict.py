"""What a decision says: an outcome, every reason for it, and what the request is filed on.

Never decides anything; the engine builds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import total_ordering


@total_ordering
class Outcome(Enum):
    """The four answers, from the lightest to the gravest."""

    ELIGIBLE = "eligible"
    INCOMPLETE = "incomplete"
    HELD = "held"
    REJECTED = "rejected"

    @property
    def gravity(self) -> int:
        return list(Outcome).index(self)

    def __lt__(self, other: Outcome) -> bool:
        return self.gravity < other.gravity


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Japanese and in English."""

    ja: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"ja": self.ja, "en": self.en}


@dataclass(frozen=True, slots=True)
class Reason:
    """One failing rule: which clause, what happened and why, and what to do about it."""

    rule: str
    code: str
    outcome: Outcome
    message: Text
    remedy: Text
    section: str
    field: str | None = None

    def as_dict(self) -> dict[str, object]:
        named: dict[str, object] = {} if self.field is None else {"field": self.field}
        return {
            "rule": self.rule,
            "code": self.code,
            "outcome": self.outcome.value,
            **named,
            "message": self.message.as_dict(),
            "remedy": self.remedy.as_dict(),
            "section": self.section,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What pays for the ticket: a kind, and the contract's name where one is used."""

    kind: str
    contract: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {"kind": self.kind, "contract": self.contract}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on one request.

    `fills` are fields a rule settled by itself, by dotted name. `link` is true when the
    contract of the plan must be tied to the agent's sign-in once the ticket exists.
    """

    outcome: Outcome
    route: str | None = None
    entry: str | None = None
    plan: Plan | None = None
    incidents: int = 0
    reasons: tuple[Reason, ...] = ()
    notices: tuple[str, ...] = ()
    rules_checked: tuple[str, ...] = ()
    fills: Mapping[str, str] = field(default_factory=dict)
    link: bool = False

    def as_dict(self) -> dict[str, object]:
        """Give the decision in its public form; fills and link stay inside."""
        return {
            "outcome": self.outcome.value,
            "route": self.route,
            "entry": self.entry,
            "plan": None if self.plan is None else self.plan.as_dict(),
            "incidents": self.incidents,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "notices": list(self.notices),
            "rules_checked": list(self.rules_checked),
        }
