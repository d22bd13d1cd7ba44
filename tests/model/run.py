"""One run on the ground: whoever works does his parts, and what comes of it is compared."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Row
from structlog.typing import EventDict

from adapters.outbound.stream import EventStream
from ledger import proof
from tests.faults.invariants import broken
from tests.faults.lives import follow_hints
from tests.model.ground import Ground
from tests.model.kinds import OPENING
from tests.model.life import Life, Trap
from tests.model.reference import Reference
from workers.actors import STEPS
from workers.app import App
from workers.expire import expire
from workers.listeners.stream import StreamListener
from workers.publish import publish
from workers.sweep import sweep

ACCEPTED = "toritsugi.request.accepted.v1"
UNFORESEEN = {"step.broke", "claim.broke", "message.unstorable", "hint.unreadable"}
"""What is logged of an error that nobody has thought of."""
NOT_BUILT = "a refund has its event"
"""What the proof misses here: tickets that are closed, which would tell of refunds."""
MOST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the work, perhaps a day later, and what happens to whoever does it."""

    name: str
    later: bool
    trap: Trap | None


@dataclass(frozen=True, slots=True)
class Shift:
    """What whoever works does, and how portals are to it.

    `answer` is their next one; `blind`: an empty look-up is no proof.
    """

    parts: Sequence[Part]
    answer: str | None
    blind: bool


class Run:
    """What was done so far; a contradiction to the contract is an assertion that fails."""

    def __init__(self, ground: Ground, logged: list[EventDict]) -> None:
        self.ground = ground
        self.logged = logged
        self.world = ground.empty()
        self.model = Reference(dict(OPENING))
        self.life = Life(ground)
        self.overtaken: dict[str, Row[Any]] = {}
        """Requests that somebody still works on who has them in hand no more, as they stood."""
        self._heard = 0

    # ---- Work --------------------------------------------------------------------------------

    def take(self, shift: Shift) -> None:
        """Have whoever works do the parts, one after the other."""
        parts = {"work": self.work, "listen": self.listen, "publish": self.publish}
        self.ground.steps += 1
        if shift.blind != self.life.blind:
            self.agree()  # as long as it is known how portals were looked at
            self.life.begin_anew(blind=shift.blind)
        if shift.answer is not None:
            self.ground.portals.answer(shift.answer)
        for part in shift.parts:
            self.agree()
            self.life.set(part.trap)
            if part.later:
                self.ground.time_passes()
            parts[part.name]()

    def work(self) -> int:
        """Hint what is due and follow every hint; give how many there were."""
        return self.life.do(_work) or 0

    def follow(self, number: str, queues: Collection[str]) -> None:
        """Follow hints at a request, whether it is due or not."""
        self.life.do(lambda app: [STEPS[queue](app, number) for queue in queues])

    def listen(self) -> int:
        """Take in what is on the stream."""
        listened = self.life.do(
            lambda app: StreamListener(app, abandoned_after_s=0, block_ms=1).round()
        )
        return int(not listened)

    def publish(self) -> int:
        """Publish what waits, and have it read; give how many events there were."""
        number = self.life.do(lambda app: publish(app, EventStream(app.redis, app.events_stream)))
        if number != 0:
            self.read()
        return number or 0

    def read(self) -> None:
        """Have senders read what was published: what was accepted is acknowledged."""
        self.world.receive()
        for told in map(orjson.loads, self.world.received[self._heard :]):
            if told["type"] == ACCEPTED:
                self.model.requests[told["subject"]].acknowledged = True
        self._heard = len(self.world.received)

    def expire(self) -> None:
        """Have every promise become too old."""
        self.life.do(lambda app: expire(replace(app, limits=replace(app.limits, promise_s=-60))))

    # ---- Comparing ---------------------------------------------------------------------------

    def agree(self) -> None:
        """Compare the ledger as it stands with the contract."""
        model = self.model
        for number, before in self.overtaken.items():
            after = self.ground.hand(number)
            # A higher fence: somebody has taken it up anew.
            assert after == before or after.fence > before.fence, f"{number}: {before}, {after}"
        self.overtaken.clear()
        for number, did in self.ground.portals.news():
            model.portal(number, did, blind=self.life.blind)
        seen = self.ground.look()
        acknowledged = {number for number, one in model.requests.items() if one.acknowledged}
        assert acknowledged <= seen.states.keys(), "what was acknowledged is lost"
        assert seen.states.keys() <= model.requests.keys(), "there is what nobody sent"
        for number, state in seen.states.items():
            model.stands(number, state)
            model.tells(number, seen.told[number])
        for contract, (balance, promised) in seen.accounts.items():
            model.holds(contract, balance, promised)
        model.reckon()
        unforeseen = [one for one in self.logged if one["event"] in UNFORESEEN]
        assert not unforeseen, "\n".join(str(one.get("exception", one)) for one in unforeseen)
        self.logged.clear()

    def come_to_rest(self) -> None:
        """Go on, with no more trouble, until there is nothing left to do."""
        self.life.clear()
        self.life.begin_anew(blind=False)
        self.ground.portals.heal()
        self.world.send_unanswered_again()
        for _ in range(MOST):
            self.ground.time_passes()
            done = self.listen() + self.work() + self.publish()
            self.agree()
            if not done:
                return
        raise AssertionError("still busy after many rounds")

    def compare(self) -> None:
        """Compare ledger, portals and what was received with the contract, at rest."""
        found = self.ground.outside(self.world.received)
        known = {one["number"] for one in found.rows["tickets"]}
        requests = self.model.requests
        late = {
            one["number"]
            for number, request in requests.items()
            for one in found.held_for(number)
            if request.adrift and one["number"] not in known
        }
        portal = [one for one in found.portal if one["number"] not in late]
        proven = self.life.app.store.read(proof.verify).discrepancies
        wrong = [
            *broken(replace(found, portal=portal)),
            *(str(one) for one in proven if one.check != NOT_BUILT),
        ]
        assert not wrong, "\n".join(wrong)
        for number, request in requests.items():
            may = self.model.rests(number)
            assert request.acknowledged, f"{number} was never acknowledged"
            assert request.state in may, f"{number} rests as {request.state}, not {may}: {request}"
            assert {one["title"] for one in found.held_for(number)} <= {request.content}


def _work(app: App) -> int:
    sweep(app)
    return len(list(follow_hints(app)))
