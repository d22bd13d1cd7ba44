"""Runs every clause over one set of facts and folds what they say into a verdict.

Never stops at the first failure, never looks at a clock, and answers the same for the same facts.
"""

from __future__ import annotations

from dataclasses import replace

from rules.book import RuleBook
from rules.case import Case, open_case
from rules.choosing import choose
from rules.clause import Clause
from rules.facts import Facts
from rules.remark import Door, Fill, Finding, Notice, Payment, Remark
from rules.verdict import Outcome, Reason, Verdict

REFUSING = ("D-4", "A-1")
"""While one of these refuses the agent, no ids of a contract are asked for."""


def decide(facts: Facts, book: RuleBook) -> Verdict:
    """Ask every clause that applies, keep every reason, let the gravest outcome win."""
    case = _with_choice(open_case(facts, book.products, book.benefits), book)
    asked = [clause for clause in book.clauses if clause.asked(case)]
    said = _said(case, asked, book)
    reasons = tuple(
        _reason(clause, remark) for clause, remark in said if isinstance(remark, Finding)
    )
    return _verdict(case, asked, [remark for _, remark in said], reasons)


def _with_choice(case: Case, book: RuleBook) -> Case:
    if not case.needs_contract:
        return case
    refused = any(_refuses(book.clause(id_), case) for id_ in REFUSING)
    may_ask = case.agent is not None and not refused
    return replace(case, choice=choose(case, book.weighing, may_ask=may_ask))


def _refuses(clause: Clause, case: Case) -> bool:
    found = (remark for remark in clause.remarks(case) if isinstance(remark, Finding))
    return any(finding.outcome is Outcome.REJECTED for finding in found)


def _said(case: Case, asked: list[Clause], book: RuleBook) -> list[tuple[Clause, Remark]]:
    """Let clauses speak in the catalogue's order, then tell what contracts fail, as judged."""
    judged = [(clause, remark) for clause in asked for remark in clause.judge(case)]
    ruled = () if case.choice is None else case.choice.findings
    return [*judged, *((book.clause(each.rule), each.finding) for each in ruled)]


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


def _verdict(
    case: Case, asked: list[Clause], said: list[Remark], reasons: tuple[Reason, ...]
) -> Verdict:
    outcome = max((reason.outcome for reason in reasons), default=Outcome.ELIGIBLE)
    payment = _payment(said) if outcome is Outcome.ELIGIBLE else None
    notices = [remark.code for remark in said if isinstance(remark, Notice)]
    if payment is not None and payment.notice is not None:
        notices.append(payment.notice)
    return Verdict(
        outcome=outcome,
        route=case.route,
        entry=next((remark.entry for remark in said if isinstance(remark, Door)), None),
        plan=None if payment is None else payment.plan,
        incidents=0 if payment is None else payment.incidents,
        reasons=reasons,
        notices=tuple(notices),
        rules_checked=tuple(clause.id for clause in asked),
        fills={remark.field: remark.value for remark in said if isinstance(remark, Fill)},
        link=payment is not None and payment.link,
    )


def _payment(said: list[Remark]) -> Payment | None:
    return next((remark for remark in said if isinstance(remark, Payment)), None)
