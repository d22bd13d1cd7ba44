"""The public form of a decision, and the order of outcomes."""

from __future__ import annotations

from rules.verdict import Outcome
from rules.wording import shown
from tests.rules.cast import decided


def test_order() -> None:
    """From the lightest to the gravest."""
    assert sorted(Outcome, reverse=True) == [
        Outcome.REJECTED,
        Outcome.HELD,
        Outcome.INCOMPLETE,
        Outcome.ELIGIBLE,
    ]


def test_as_dict() -> None:
    """The public form has exactly the documented keys; a field only where there is one."""
    case = {"base": "office", "request": {"title": None, "route": "azure"}}
    public = decided(case).as_dict()
    assert list(public) == [
        "outcome",
        "route",
        "entry",
        "plan",
        "incidents",
        "reasons",
        "notices",
        "rules_checked",
    ]
    reasons = public["reasons"]
    assert isinstance(reasons, list)
    common = {"rule", "code", "outcome", "message", "remedy", "section"}
    assert [set(reason) - common for reason in reasons] == [{"field"}, set()]
    assert set(reasons[0]["message"]) == {"ja", "en"}


def test_plan_as_dict() -> None:
    """A plan without a contract says so."""
    public = decided({"base": "office"}).as_dict()
    assert public["plan"] == {"kind": "included", "contract": None}


def test_shown_covers_what_may_be_an_id() -> None:
    """Long numbers are covered, however they are typed; a tenant id and a year are not."""
    assert shown("0230 242 323 x") == "••• x"
    assert shown("０２３０２４２３２３") == "•••"
    assert shown("gold-2026-2027") == "gold-2026-2027"
    assert shown("4612345", digits=9) == "4612345"
    tenant = "1f0c7a52-0000-4000-8000-000000000001"
    assert shown(tenant) == tenant
    assert len(shown("x" * 500)) == 81
