"""Runs every clause over one set of facts and folds what they say into a verdict.

Never stops at the first failure, never looks at a clock, and answers the same for the same facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from rules.book import RuleBook
from rules.case import Case, open_case
from rules.choosing import choose
from rules.clause import Clause
from rules.facts import Facts
from rules.remark import Door, Fill, Finding, Notice, Payment, Remark
from rules.verdict import Outcome, Reason, Verdict

Said = Sequence[tuple[Clause, Remark]]
"""Remarks, each with the clause that made it."""

Heard = Mapping[str, tuple[Remark, ...]]
"""What the clauses that may refuse the agent said, before contracts were looked at."""

Kind = TypeVar("Kind", Door, Payment)


def decide(facts: Facts, book: RuleBook) -> Verdict:
    """Ask every clause that applies, keep every reason, let the gravest outcome win."""
    opened = open_case(facts, book.products, book.benefits)
    heard = {clause.id: clause.remarks(opened) for clause in book.refusing}
    case = _with_choice(opened, book, heard)
    asked = [clause for clause in book.clauses if clause.asked(case)]
    return _verdict(case, asked, _said(case, asked, book, heard))


def _with_choice(case: Case, book: RuleBook, heard: Heard) -> Case:
    """Look at contracts, where one is needed; ids are asked for unless the agent is refused."""
    if not case.needs_contract:
        return case
    refused = any(_refuses(remark) for remarks in heard.values() for remark in remarks)
    may_ask = case.agent is not None and not refused
    return case.with_choice(choose(case, book.weighing, may_ask=may_ask))


def _refuses(remark: Remark) -> bool:
    return isinstance(remark, Finding) and remark.outcome is Outcome.REJECTED


def _said(case: Case, asked: Sequence[Clause], book: RuleBook, heard: Heard) -> Said:
    """Let clauses speak in the catalogue's order, then tell what contracts fail, as judged."""
    judged = [
        (clause, remark)
        for clause in asked
        for remark in (heard[clause.id] if clause.id in heard else clause.judge(case))
    ]
    if case.choice is not None:
        judged += [(book.clause(each.rule), each.finding) for each in case.choice.findings]
    return judged


def _reason(clause: Clause, finding: Finding) -> Reason:
    return Reason(
        rule=clause.id,
        code=finding.code,
        outcome=finding.outcome,
        message=finding.message,
        remedy=finding.remedy,
        section=clause.section,
        field=finding.field,
    )


def _verdict(case: Case, asked: Sequence[Clause], said: Said) -> Verdict:
    remarks = [remark for _, remark in said]
    reasons = [_reason(clause, each) for clause, each in said if isinstance(each, Finding)]
    outcome = max((reason.outcome for reason in reasons), default=Outcome.ELIGIBLE)
    payment = _first(Payment, remarks) if outcome is Outcome.ELIGIBLE else None
    door = _first(Door, remarks)
    return Verdict(
        outcome=outcome,
        route=case.route,
        entry=None if door is None else door.entry,
        plan=None if payment is None else payment.plan,
        incidents=0 if payment is None else payment.incidents,
        reasons=tuple(reasons),
        notices=_notices(remarks, payment),
        rules_checked=tuple([clause.id for clause in asked]),
        fills={remark.field: remark.value for remark in remarks if isinstance(remark, Fill)},
        link=payment is not None and payment.link,
    )


def _notices(remarks: Sequence[Remark], payment: Payment | None) -> tuple[str, ...]:
    notices = [remark.code for remark in remarks if isinstance(remark, Notice)]
    if payment is not None and payment.notice is not None:
        notices.append(payment.notice)
    return tuple(notices)


def _first(kind: type[Kind], remarks: Sequence[Remark]) -> Kind | None:
    return next((remark for remark in remarks if isinstance(remark, kind)), None)
