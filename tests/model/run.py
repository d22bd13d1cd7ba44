"""One run on the ground: the world, whoever works in it, and the contract to compare them with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from structlog.typing import EventDict

from adapters.inbound.event import parse_event
from adapters.outbound.stream import EventStream
from ledger import proof
from tests.builders import GOLD
from tests.driving import event
from tests.faults.invariants import broken
from tests.faults.lives import follow_hints
from tests.model.ground import Ground
from tests.model.kinds import MISSING, OPENING, Kind
from tests.model.life import HELD, Life, Trap
from tests.model.reference import CAN_BE_CALLED_OFF, Reference, Request
from workers import settle
from workers.actors import STEPS
from workers.app import App
from workers.cancel import NotCancelled, cancel
from workers.expire import expire
from workers.listeners.stream import StreamListener
from workers.publish import publish
from workers.record import Receipt, record
from workers.settle import NotSettled, Word
from workers.sweep import sweep

WORD = Word("t", "t")
ACCEPTED = "toritsugi.request.accepted.v1"
UNFORESEEN = {"step.broke", "claim.broke", "message.unstorable", "hint.unreadable"}
"""What is logged of an error that nobody has thought of."""
NOT_BUILT = "a refund has its event"
OTHERS = ("work", "decide", "complete", "cancel", "settle", "expire", "publish")
"""What others may do while somebody sleeps; only with `work` does time pass."""
MOST = 60


@dataclass(frozen=True, slots=True)
class Letter:
    """What a sender keeps of a request: its own number, the title, and the kind."""

    sender_id: str
    title: str
    kind: Kind

    @property
    def data(self) -> dict[str, Any]:
        return {**self.kind.data, "title": self.title}


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
    """Acts on the pipeline and tells the contract; whatever contradicts it is an assertion."""

    def __init__(self, ground: Ground, logged: list[EventDict]) -> None:
        self.ground = ground
        self.world = ground.empty()
        self.model = Reference(dict(OPENING))
        self.life = Life(ground, self._disturb)
        self._logged = logged
        self._heard = 0

    # ---- Senders -----------------------------------------------------------------------------

    def send(self, number: str, letter: Letter, way: str) -> None:
        """Send a request, or send it again; what has no answer yet is not forgotten."""
        if way == "stream":
            self.world.send(letter.sender_id, letter.data)
        else:
            self.world.sent[letter.sender_id] = event(letter.data, letter.sender_id)
            self.knock(number, letter)
        one = Request(letter.title, letter.kind.rules, letter.kind.contract)
        self.model.requests.setdefault(number, one)

    def knock(self, number: str, letter: Letter) -> None:
        """Send a request through the door, where the answer comes at once."""
        may = self.model.door(number, letter.title)
        receipt = self._record(event(letter.data, letter.sender_id))
        if receipt is not None:
            assert receipt.verdict in may, f"{number}: {receipt.verdict}, not {may}"
            if number in self.model.requests:
                self.model.requests[number].acknowledged |= receipt.accepted

    def complete(self, number: str, message: str) -> None:
        """Send what was missing, again if no answer came."""
        may = self.model.completion(number, message)
        body = event(MISSING, f"{number}/{message}", subject=number)
        while (receipt := self._record(body)) is None:
            may |= {"repeat"}
        assert receipt.verdict in may, f"{number}: {receipt.verdict}, not {may}"
        if receipt.accepted:
            self.model.completed(number, message, GOLD)

    def _record(self, body: bytes) -> Receipt | None:
        receipts = self.life.do(lambda app: record(app, "test", parse_event(body)))
        return receipts[0] if receipts else None

    # ---- Whoever works -----------------------------------------------------------------------

    def take(self, shift: Shift) -> None:
        """Have whoever works do the parts, one after the other."""
        self.life.look(blind=shift.blind)
        if shift.answer is not None:
            self.ground.portals.answer(shift.answer)
        for part in shift.parts:
            self.agree()
            if part.later:
                self.ground.time_passes()
            self.life.set_trap(part.trap)
            {"work": self.work, "listen": self.listen, "publish": self.publish}[part.name]()

    def work(self) -> int:
        """Hint what is due and follow every hint; give how many there were."""
        return self.life.do(_work) or 0

    def follow(self, number: str, queues: Collection[str]) -> None:
        """Follow hints at a request, whether it is due or not."""
        self.life.do(lambda app: [STEPS[queue](app, number) for queue in queues])

    def listen(self) -> None:
        """Take in what is on the stream."""
        self.life.do(lambda app: StreamListener(app, abandoned_after_s=0, block_ms=1).round())

    def publish(self) -> int:
        """Publish what waits; senders read it."""
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

    # ---- People ------------------------------------------------------------------------------

    def cancel(self, number: str) -> None:
        """Call it off; that it is too late for it is an answer, too."""
        can = self.model.requests[number].state in CAN_BE_CALLED_OFF
        try:
            cancel(self.life.app, number, who="t", why="t")
        except NotCancelled:
            assert not can
        else:
            assert can
            self.model.called_off(number)

    def settle(self, number: str) -> None:
        """Say truly whether the portal has the ticket, if that is asked."""
        can = self.model.requests[number].state == "uncertain"
        there = self.ground.portals.held_for(number)
        try:
            if there:
                settle.found(self.life.app, number, there[0], None, WORD)
            else:
                settle.absent(self.life.app, number, WORD)
        except NotSettled:
            assert not can
        else:
            assert can
            self.model.acted.add(number)

    # ---- While somebody sleeps ---------------------------------------------------------------

    def _disturb(self, number: str, trap: Trap) -> None:
        """Tell the contract who died or sleeps, and have others go on meanwhile."""
        others = trap.meanwhile or ()
        if number:
            adrift = trap.place == "submit.before_call" and "work" in others
            self.model.left(number, adrift=adrift)
        if trap.meanwhile is not None and trap.place in HELD:
            self._in_vain(number)
        self.life.set_trap(trap.then)
        for what in others:
            self.agree()
            self._meanwhile(what, number)

    def _in_vain(self, number: str) -> None:
        """Follow every hint at a request that is in somebody's hands."""
        before = len(self._logged)
        self.follow(number, STEPS)
        said = {one["event"] for one in self._logged[before:]}
        assert said == {"hint.idle"}, f"{number} was in two hands: {said}"

    def _meanwhile(self, what: str, number: str) -> None:
        match what:
            case "work":
                self.ground.time_passes()
                self.work()
            case "expire":
                self.expire()
            case "publish":
                self.publish()
            case "decide" if number:
                self.follow(number, ["assess"])
            case "complete" if number:
                self.complete(number, "m")
            case "cancel" if number:
                self.cancel(number)
            case "settle" if number:
                self.settle(number)
            case _:
                pass

    # ---- Comparing ---------------------------------------------------------------------------

    def agree(self) -> None:
        """Compare the ledger as it stands with the contract."""
        for number, did in self.ground.portals.news():
            self.model.portal(number, did, blind=self.life.blind)
        seen = self.ground.look()
        sent = self.model.requests
        acknowledged = {number for number, one in sent.items() if one.acknowledged}
        assert acknowledged <= seen.states.keys(), "what was acknowledged is lost"
        assert seen.states.keys() <= sent.keys(), "there is what nobody sent"
        for number, state in seen.states.items():
            self.model.stands(number, state)
            self.model.tells(number, seen.told[number])
        for contract, (balance, promised) in seen.accounts.items():
            self.model.holds(contract, balance, promised)
        self.model.reckon()
        unforeseen = [one for one in self._logged if one["event"] in UNFORESEEN]
        assert not unforeseen, "\n".join(str(one.get("exception", one)) for one in unforeseen)
        self._logged.clear()

    def come_to_rest(self) -> None:
        """Go on, with no more trouble, until there is nothing left to do."""
        self.life.trap = None
        self.life.look(blind=False)
        self.ground.portals.heal()
        self.world.send_unanswered_again()
        for _ in range(MOST):
            self.ground.time_passes()
            self.listen()
            done = self.work() + self.publish()
            self.agree()
            if not done:
                return
        raise AssertionError("still busy after many rounds")

    def compare(self) -> None:
        """Compare the ledger, the portals and what was received with the contract, at rest."""
        found = self.ground.outside(self.world.received)
        known = {one["number"] for one in found.rows["tickets"]}
        late = {
            one["number"]
            for number, request in self.model.requests.items()
            for one in found.held_for(number)
            if request.adrift and one["number"] not in known
        }
        portal = [one for one in found.portal if one["number"] not in late]
        wrong = broken(replace(found, portal=portal))
        assert not wrong, "\n".join(wrong)
        for number, request in self.model.requests.items():
            assert request.acknowledged, f"{number} was never acknowledged"
            may = self.model.rests(number)
            assert request.state in may, f"{number} rests as {request.state}, not {may}: {request}"
            assert {one["title"] for one in found.held_for(number)} <= {request.content}
        proven = self.life.app.store.read(proof.verify)
        wrong = [str(one) for one in proven.discrepancies if one.check != NOT_BUILT]
        assert not wrong, "\n".join(wrong)


def _work(app: App) -> int:
    sweep(app)
    return len(list(follow_hints(app)))
