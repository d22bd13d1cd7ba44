"""One request of a drill against the evidence: what is wrong with it, in each respect.

What the verdicts mean stands in `ops.drill.count`. Pure, and looks at one request at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from contracts.event_data import Accepted, Deducted, Failed, Rejected, Submitted, Uncertain
from ledger.attempts import Outcome
from ledger.audit import Record
from ledger.states import State
from ops.drill.evidence import Evidence, Row
from ops.drill.excuse import Excuses
from ops.drill.load import Order
from ops.drill.receiver import Seen
from ops.drill.senders import Sent
from workers.app import Limits

LOST, DUPLICATED, UNEXPECTED, UNDER_WAY = "lost", "duplicated", "unexpected", "under way"
TOLD = {
    State.SUBMITTED: Submitted.TYPE,
    State.REJECTED: Rejected.TYPE,
    State.FAILED: Failed.TYPE,
    State.UNCERTAIN: Uncertain.TYPE,
}
"""The states in which a request of a drill may end, and the events that tell of them."""
GIVEN_UP = (State.FAILED, State.UNCERTAIN)
EXHAUSTED = "contract_exhausted"
LOSING = ("flush", "kill")
"""What may take events off the stream, if it befalls Redis."""
DROPPED = "dropped"
UNREADABLE = ("cut_body", "html")
BROKEN = 500
"""From this status on an answer tells nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be; `where` is a request's number, or what was found."""

    verdict: str
    where: str
    words: str


@dataclass(frozen=True, slots=True)
class Judge:
    """One request at a time; each method gives what is wrong in one respect."""

    evidence: Evidence
    excuses: Excuses
    events: Mapping[str, Sequence[Seen]]

    @classmethod
    def of(cls, evidence: Evidence, limits: Limits) -> Self:
        events: Mapping[str, list[Seen]] = defaultdict(list)
        for seen in evidence.heard.seen.values():
            events[seen.subject].append(seen)
        return cls(evidence, Excuses.of(evidence, limits), events)

    def request(self, sent: Sent) -> Iterator[Finding]:
        order, record = sent.order, self.evidence.ledger.records.get(sent.order.number)
        for verdict, words in self._wrong(sent, record):
            if verdict == LOST and not self.evidence.whole:
                yield Finding(UNDER_WAY, order.number, words)
            elif verdict != LOST or sent.acknowledged_at is not None:
                yield Finding(verdict, order.number, words)

    def _wrong(self, sent: Sent, record: Record | None) -> Iterator[tuple[str, str]]:
        order = sent.order
        if sent.acknowledged_at is None and self.evidence.whole:
            yield UNEXPECTED, f"sent {sent.times} times by {order.way} and never acknowledged"
        yield from self._twice(order, record)
        if record is None:
            yield LOST, "not in the ledger"
        elif record.state not in TOLD:
            yield LOST, f"not ended: {record.state}"
        else:
            yield from self._end(order, record)
            yield from self._ticket(order, record)
            yield from self._deduction(order, record)
            yield from self._events(order, record)

    def _twice(self, order: Order, record: Record | None) -> Iterator[tuple[str, str]]:
        tickets = self.evidence.portals.tickets.get(order.title, ())
        if len(tickets) > 1:
            numbers = ", ".join(ticket["number"] for ticket in tickets)
            yield DUPLICATED, f"{len(tickets)} tickets: {numbers}"
        if record is not None and sum(record.deductions) > 1:
            yield DUPLICATED, f"{sum(record.deductions)} incidents deducted"
        events = self.events.get(order.number, ())
        for name in ("type", "sequence"):
            for value, times in Counter(getattr(one, name) for one in events).items():
                if times > 1:
                    yield DUPLICATED, f"{times} events of {name} {value}"
        if any(one.id in self.evidence.heard.altered for one in events):
            yield DUPLICATED, "one event came with two contents"

    def _end(self, order: Order, record: Record) -> Iterator[tuple[str, str]]:
        end = f"ended as {record.state} ({record.code})"
        if record.state in GIVEN_UP:
            if not self.excuses.excused(order, record):
                yield UNEXPECTED, f"{end}, and no trouble explains it"
        elif record.state == State.REJECTED:
            dry = order.may_run_dry and record.code == EXHAUSTED
            if record.code != order.refused and not (dry and self._ran_dry()):
                yield UNEXPECTED, f"{end}, and nothing in it is to be refused"
        elif order.refused is not None:
            yield UNEXPECTED, f"{end}, and should be refused as {order.refused}"

    def _ran_dry(self) -> bool:
        """Whether nothing is left of that contract, or one on it was given up after a promise."""
        records = self.evidence.ledger.records
        given_up = (
            sent.order.may_run_dry and records[number].state in GIVEN_UP
            for number, sent in self.evidence.sent.items()
            if number in records
        )
        return self.evidence.ledger.dry_left == 0 or any(given_up)

    def _ticket(self, order: Order, record: Record) -> Iterator[tuple[str, str]]:
        tickets = self.evidence.portals.tickets.get(order.title, ())
        if record.state == State.SUBMITTED:
            if not tickets:
                yield LOST, f"submitted, and the portal has no ticket {record.ticket}"
            elif record.ticket not in {ticket["number"] for ticket in tickets}:
                yield UNEXPECTED, f"the portal's ticket is not the ledger's, {record.ticket}"
        elif tickets and record.state != State.UNCERTAIN:
            yield UNEXPECTED, f"{record.state}, and the portal has ticket {tickets[0]['number']}"

    def _deduction(self, order: Order, record: Record) -> Iterator[tuple[str, str]]:
        due = int(record.state == State.SUBMITTED and order.contract is not None)
        if not record.deductions and due:
            yield UNEXPECTED, f"submitted, and nothing was deducted from {order.contract}"
        elif record.deductions and not due:
            yield UNEXPECTED, f"{record.state}, and {sum(record.deductions)} incidents deducted"
        elif record.deductions and record.contract != order.contract:
            yield UNEXPECTED, f"deducted from {record.contract} instead of {order.contract}"

    def _events(self, order: Order, record: Record) -> Iterator[tuple[str, str]]:
        events = self.events.get(order.number, ())
        wanted = [Accepted.TYPE, TOLD[State(record.state)]]
        if record.state == State.SUBMITTED and order.contract is not None:
            wanted.append(Deducted.TYPE)
        types = {one.type for one in events}
        for kind in wanted:
            if kind not in types:
                yield LOST, f"without its event {kind}"
        for kind in sorted(types - set(wanted)):
            yield UNEXPECTED, f"an event {kind} that nobody asked for"
        sequences = {one.sequence for one in events}
        if types == set(wanted) and sequences != set(range(1, len(wanted) + 1)):
            yield UNEXPECTED, f"its events are numbered {sorted(map(str, sequences))}"
        yield from self._order(events)

    def _order(self, events: Sequence[Seen]) -> Iterator[tuple[str, str]]:
        """Look for an event that first came after a later one, though Redis lost nothing."""
        highest = 0
        for one in events:
            sequence = one.sequence or 0
            if sequence < highest and not self._lost_by_redis(one):
                yield UNEXPECTED, f"event {sequence} came only after event {highest}"
            highest = max(highest, sequence)

    def _lost_by_redis(self, seen: Seen) -> bool:
        return any(
            met.trouble.target == "redis"
            and met.trouble.kind in LOSING
            and met.overlaps(seen.made_at - 1, seen.at)
            for met in self.evidence.met
        )

    # ---- Of a request that nothing is wrong with -------------------------------------------------

    def asked_for(self, sent: Sent) -> bool:
        """Whether it ended as its content asks, and not as trouble had it."""
        record = self.evidence.ledger.records.get(sent.order.number)
        return record is not None and record.state not in GIVEN_UP

    def recovered(self, order: Order) -> bool:
        """Whether it had to be taken up by another, or an answer about it was lost."""
        record = self.evidence.ledger.records[order.number]
        looked_up = any(one.lookups or one.outcome == Outcome.ABSENT for one in record.tries)
        lost = any(map(_lost, self.excuses.about(order)))
        return order.number in self.evidence.hands or looked_up or lost


def _lost(call: Row) -> bool:
    """Whether an order was called in and no answer of use came back."""
    if call["operation"] != "create":
        return False
    status = call["status"]
    return status == DROPPED or call["fault"] in UNREADABLE or status >= BROKEN
