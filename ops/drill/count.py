"""The count at the end of a drill, in the words of the Jepsen tests of queues.

attempted     distinct requests that senders sent
acknowledged  those whose acknowledgement their sender saw: 202 or 200, or `request.accepted`
ok            acknowledged, ended as the request's content asks for, one ticket at the portal (none
              for a refusal), one deduction if counted, its events complete, once and in order
lost          acknowledged, and not in the ledger, not ended, without its ticket or an event of its
duplicated    two tickets, more than one deduction, or two different events for one fact
recovered     ok, though it was in hands that trouble befell or the portal's answer was lost
unexpected    a ticket, deduction, event or request nobody asked for; an end that neither content
              nor trouble explains (`ops.drill.excuse` says what does); a discrepancy that
              `ledger verify` finds; a sender that is never answered though all is well again

Beside these: `excused` ended otherwise for a trouble of the drill's, which proves it, and with
neither ticket nor deduction; `under way` are left open by a drill that was stopped. Pure: judges
the evidence, and asks nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ops.drill.evidence import Evidence
from ops.drill.judge import DUPLICATED, LOST, UNDER_WAY, UNEXPECTED, Finding, Judge
from workers.app import Limits

OF_CONTRACTS = "toritsugi.contract."
"""Events that speak of no request."""


@dataclass(frozen=True, slots=True)
class Count:
    """What became of everything; see the module's words."""

    attempted: int
    acknowledged: int
    ok: int
    lost: int
    duplicated: int
    recovered: int
    unexpected: int
    excused: int
    under_way: int
    findings: Sequence[Finding]

    @property
    def clean(self) -> bool:
        return not (self.lost or self.duplicated or self.unexpected)


def count(evidence: Evidence, limits: Limits) -> Count:
    """Judge every request that was sent, and whatever else there is."""
    judge = Judge.of(evidence, limits)
    findings = {number: list(judge.request(sent)) for number, sent in evidence.sent.items()}
    strays = list(_strays(evidence))
    found = Counter(verdict for one in findings.values() for verdict in {f.verdict for f in one})
    good = [sent for number, sent in evidence.sent.items() if not findings[number]]
    ok = [sent for sent in good if judge.asked_for(sent) and sent.acknowledged_at is not None]
    return Count(
        attempted=len(evidence.sent),
        acknowledged=sum(sent.acknowledged_at is not None for sent in evidence.sent.values()),
        ok=len(ok),
        lost=found[LOST],
        duplicated=found[DUPLICATED],
        recovered=sum(judge.recovered(sent.order) for sent in ok),
        unexpected=found[UNEXPECTED] + len(strays),
        excused=sum(not judge.asked_for(sent) for sent in good),
        under_way=found[UNDER_WAY],
        findings=[one for several in findings.values() for one in several] + strays,
    )


# ---- What belongs to no request ------------------------------------------------------------------


def _strays(evidence: Evidence) -> Iterator[Finding]:
    """Look for what nobody asked for, and for what does not add up."""
    titles = {sent.order.title for sent in evidence.sent.values()}
    for title, tickets in evidence.portals.tickets.items():
        if title not in titles:
            yield Finding(UNEXPECTED, tickets[0]["number"], f"a ticket nobody asked for: {title}")
    for number in evidence.ledger.records.keys() - evidence.sent.keys():
        yield Finding(UNEXPECTED, number, "a request that nobody sent")
    for seen in evidence.heard.seen.values():
        if seen.subject not in evidence.sent and not seen.type.startswith(OF_CONTRACTS):
            yield Finding(UNEXPECTED, seen.subject, f"an event {seen.type} that nobody asked for")
    for one in evidence.ledger.unreadable:
        yield Finding(UNEXPECTED, one, "a message in quarantine")
    for wrong in evidence.ledger.proof.discrepancies:
        words = f"ledger verify: {wrong.check}: {wrong.expected} expected, {wrong.found} found"
        yield Finding(UNEXPECTED, wrong.where, words)
