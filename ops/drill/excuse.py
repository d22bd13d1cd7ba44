"""Whether a request that ended as `failed` or `uncertain` did so for a trouble of the drill's.

Each ground is proven from outside; a storm of faults alone excuses nothing:

- refused: the portals' own journal has the order answered with a refusal that the drill asked for;
- tried too often: the ledger has as many tries as a request may have, and for every one of them the
  journal has a call that a fault of the drill's befell, or the portals were down;
- poison: the request was in hands that trouble befell as often as a request may be delivered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ledger.attempts import Outcome
from ledger.audit import Record, Try
from ops.drill.evidence import Evidence, Row, calls_about, keys_of
from ops.drill.load import Order
from ops.site import SANDBOX
from workers.app import Limits

REFUSAL = "operation_failed"
SPENT = (Outcome.LATER, Outcome.ABSENT)
"""How tries end that may have been one too many."""
POISON = "poison"
SLACK_S = 1.0
"""Between what the ledger, the portals and we call the same moment."""
DOWN_S = 10.0
"""The longest that portals which were killed take to answer again."""


@dataclass(frozen=True, slots=True)
class Excuses:
    """What the drill did, looked up by whom it befell."""

    evidence: Evidence
    calls: Mapping[str, Sequence[Row]]
    limits: Limits

    @classmethod
    def of(cls, evidence: Evidence, limits: Limits) -> Excuses:
        return cls(evidence, calls_about(evidence.portals), limits)

    def about(self, order: Order) -> list[Row]:
        """Give the calls that portals got about the request."""
        return [call for key in keys_of(order.number) for call in self.calls.get(key, ())]

    def excused(self, order: Order, record: Record) -> bool:
        """Whether trouble explains that the request came to such an end."""
        if record.code == POISON:
            return self.evidence.hands.get(order.number, 0) >= self.limits.deliveries
        if not record.tries or record.state != "failed":
            return False
        if record.tries[-1].outcome == Outcome.REFUSED:
            return any(call["fault"] == REFUSAL for call in self.about(order))
        spent = [one for one in record.tries if one.outcome in SPENT]
        return len(spent) >= self.limits.attempts and all(self._befell(order, one) for one in spent)

    def _befell(self, order: Order, one: Try) -> bool:
        """Whether a fault came between the beginning and the end of a try."""
        if one.finished_at is None:
            return False
        since = one.started_at.timestamp() - SLACK_S
        until = one.finished_at.timestamp() + SLACK_S
        nameless = [call for call in self.calls.get("", ()) if call["portal"] == order.route]
        calls = [*self.about(order), *nameless]
        if any(call["fault"] and since <= call["time"] <= until for call in calls):
            return True
        return any(
            met.trouble.target == SANDBOX and met.overlaps(since - DOWN_S, until)
            for met in self.evidence.met
        )
