"""Does to the pipeline whatever may happen to it, in any order; each step is held to the contract.

What is driven is real: SQL, Redis, portals over HTTP. One thing happens at a time, and time passes
when it is told to.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import wraps
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from structlog.processors import format_exc_info
from structlog.testing import capture_logs
from typing_extensions import override

from contracts.ids import request_id
from ledger import account, outbox
from ledger.account import AccountError, Change
from ledger.store import DatabaseError
from tests.driving import SOURCE
from tests.model.ground import Ground
from tests.model.kinds import KINDS, OPENING
from tests.model.life import DROWSY, Trap
from tests.model.portals import ANSWERS
from tests.model.run import OTHERS, Letter, Part, Run, Shift
from workers.actors import STEPS
from workers.failpoints import POINTS

MOST = 8
STATES = ("received", "incomplete", "queued", "submitting", "uncertain", "submitted", "failed")
WAYS = st.sampled_from(["door", "stream"])
KIND = st.sampled_from(["counted", "small", "included", "lacking", "refused", "small", "counted"])
WHICH = st.integers(0, 11)


def traps(*parts: str) -> st.SearchStrategy[Trap | None]:
    """Draw at which place of these one dies or falls asleep, if at any."""
    places = [place for place in POINTS if place.startswith(parts)]
    nth = st.integers(1, 2)
    dies = st.builds(Trap, st.sampled_from(places), nth)
    drowsy = [place for place in places if place in DROWSY]
    if not drowsy:
        return st.none() | dies
    others = st.lists(st.sampled_from(OTHERS), max_size=4)
    return (
        st.none() | dies | st.builds(Trap, st.sampled_from(drowsy), nth, others, st.none() | dies)
    )


LATER = st.booleans()
FILING = traps("submit.", "outcome.") | st.builds(
    Trap,
    st.sampled_from([place for place in POINTS if place.startswith("submit.")]),
    more=st.just(1),
)
STEPPING = FILING | traps("sweep.", "step.", "assess.")
PARTS = (
    st.builds(Part, st.just("work"), LATER, FILING)
    | st.builds(Part, st.just("work"), LATER, STEPPING)
    | st.builds(Part, st.just("listen"), LATER, traps("record."))
    | st.builds(Part, st.just("publish"), LATER, traps("publish."))
)
SHIFTS = st.builds(
    Shift,
    st.lists(PARTS, max_size=3),
    answer=st.none() | st.sampled_from(list(ANSWERS)),
    blind=st.sampled_from([False, False, True]),
)


def happens(
    target: Bundle[Any] | None = None, **drawn: st.SearchStrategy[Any]
) -> Callable[..., Any]:
    """Make a rule of what may happen; whoever works does something afterwards, or nothing."""

    def make(happening: Callable[..., Any]) -> Any:
        @wraps(happening)
        def step(machine: Machine, shift: Shift, **given: Any) -> Any:
            result = happening(machine, **given)
            machine.run.take(shift)
            return result

        named = {} if target is None else {"target": target}
        drawing: dict[str, Any] = {**named, **drawn, "shift": SHIFTS}
        return rule(**drawing)(step)  # type: ignore[no-untyped-call]  # a rule takes any drawing

    return make


class Machine(RuleBasedStateMachine):
    """One run; when it is over, everything is brought to rest and compared."""

    sent: Bundle[str] = Bundle("sent")

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._ending = ExitStack()
        logged = self._ending.enter_context(capture_logs([format_exc_info]))
        self._error = sys.exc_info()[1]
        self.run = Run(ground, logged)
        self.letters: dict[str, Letter] = {}
        self.adjustments: set[str] = set()

    # ---- Senders -----------------------------------------------------------------------------

    @initialize(target=sent, kinds=st.lists(KIND, min_size=3, max_size=6))
    def begin(self, kinds: list[str]) -> MultipleResults[str]:
        return multiple(*(self._send(kind, "door") for kind in kinds))

    @precondition(lambda self: len(self.letters) < MOST)
    @happens(target=sent, kind=KIND, way=WAYS, trap=traps("record."))
    def send(self, kind: str, way: str, trap: Trap | None) -> str:
        self.run.life.set_trap(trap)
        return self._send(kind, way)

    def _send(self, kind: str, way: str) -> str:
        sender_id = str(len(self.letters) + 1)
        number = request_id(SOURCE, sender_id)
        self.letters[number] = Letter(sender_id, f"{kind} {sender_id}", KINDS[kind])
        self.run.send(number, self.letters[number], way)
        return number

    @happens(number=sent, way=WAYS)
    def send_again(self, number: str, way: str) -> None:
        self.run.send(number, self.letters[number], way)

    @happens(number=sent)
    def send_another_content(self, number: str) -> None:
        """Use the id of what was acknowledged once more."""
        if self.run.model.requests[number].acknowledged:
            letter = self.letters[number]
            self.run.knock(number, replace(letter, title=f"{letter.title}, another"))

    @happens(which=WHICH, message=st.sampled_from("ab"))
    def complete(self, which: int, message: str) -> None:
        self.run.complete(self._one("incomplete", which), message)

    # ---- Whoever works -----------------------------------------------------------------------

    @happens(
        number=sent,
        queues=st.lists(st.sampled_from(list(STEPS)), min_size=1, max_size=4),
        trap=STEPPING,
    )
    def follow(self, number: str, queues: list[str], trap: Trap | None) -> None:
        """Follow hints at a request, as they may come: too early, too often, in any order."""
        self.run.life.set_trap(trap)
        self.run.follow(number, queues)

    @happens()
    def expire(self) -> None:
        self.run.expire()

    @happens(number=sent)
    def replay(self, number: str) -> None:
        self.run.life.app.store.write(lambda db: outbox.send_again(db, [number]))

    # ---- What goes wrong ---------------------------------------------------------------------

    @happens()
    def redis_forgets(self) -> None:
        self.run.world.flush()
        self.run.read()

    # ---- People ------------------------------------------------------------------------------

    @happens(state=st.sampled_from(STATES), which=WHICH)
    def cancel(self, state: str, which: int) -> None:
        self.run.cancel(self._one(state, which))

    @happens(which=WHICH)
    def settle(self, which: int) -> None:
        self.run.settle(self._one("uncertain", which))

    @happens(which=WHICH, entry=st.sampled_from("ab"))
    def refund(self, which: int, entry: str) -> None:
        number = self._one("submitted", which)
        may = self.run.model.refundable(number, entry)
        write = self.run.life.app.store.write
        try:
            write(lambda db: account.refund(db, number, f"{number}/{entry}", who="t", why="t"))
        except (AccountError, DatabaseError):
            assert not may
        else:
            assert may
            self.run.model.requests[number].refund = entry

    @happens(
        entry=st.sampled_from("abc"),
        contract=st.sampled_from(list(OPENING)),
        amount=st.integers(-3, 3).filter(bool),
    )
    def adjust(self, entry: str, contract: str, amount: int) -> None:
        """Adjust the account; the same entry once more changes nothing, whatever it says."""
        again = entry in self.adjustments
        may = {True} if again else self.run.model.adjustable(contract, amount)
        change = Change(f"adjustment {entry}", contract, "adjustment", amount, "t", "t")
        try:
            self.run.life.app.store.write(lambda db: account.add(db, change))
        except AccountError:
            assert False in may
        else:
            assert True in may
            self.run.model.given[contract] += 0 if again else amount
            self.adjustments.add(entry)

    def _one(self, state: str, which: int) -> str:
        """Choose a request that stands so, or now and then any."""
        sent = self.run.model.requests
        fitting = [number for number, one in sent.items() if one.state == state]
        among = fitting if fitting and which % 4 else list(sent)
        return among[which % len(among)]

    # ---- Comparing ---------------------------------------------------------------------------

    @invariant()
    def agree(self) -> None:
        self.run.agree()

    @override
    def teardown(self) -> None:
        with self._ending:
            if sys.exc_info()[1] is self._error:  # the run itself has found nothing
                self.run.come_to_rest()
                self.run.compare()
