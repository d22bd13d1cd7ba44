"""Does to the pipeline whatever may happen to it, in any order; each step is held to the contract.

What is driven is real: SQL, Redis, portals over HTTP. One thing happens at a time, whoever works
takes a shift after it, and time passes when it is told to.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
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

from tests.model import draws
from tests.model.ground import Ground
from tests.model.life import Trap
from tests.model.meanwhile import Meanwhile
from tests.model.people import People
from tests.model.run import Run, Shift
from tests.model.senders import Senders

MOST = 8
"""Requests in a run: with more of them, each has less of an eventful life."""


def happens(
    target: Bundle[str] | None = None, **drawn: st.SearchStrategy[Any]
) -> Callable[[Callable[..., Any]], Any]:
    """Make a rule of what may happen; afterwards whoever works takes a shift."""

    def make(happening: Callable[..., Any]) -> Any:
        @wraps(happening)
        def step(machine: Machine, shift: Shift, **given: Any) -> Any:
            result = happening(machine, **given)
            machine.run.take(shift)
            return result

        named = {} if target is None else {"target": target}
        as_rule: Any = rule  # which of its signatures this is, no type checker can tell
        return as_rule(shift=draws.SHIFT, **named, **drawn)(step)

    return make


class Machine(RuleBasedStateMachine):
    """One run; when it is over, everything is brought to rest and compared."""

    sent: Bundle[str] = Bundle("sent")

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self._error = sys.exc_info()[1]
        self._ending = ExitStack()
        self.run = Run(ground, self._ending.enter_context(capture_logs([format_exc_info])))
        self.senders = Senders(self.run)
        self.people = People(self.run)
        self.run.life.sprung = Meanwhile(self.run, self.senders, self.people).goes_on

    # ---- Senders -----------------------------------------------------------------------------

    @initialize(target=sent, kinds=st.lists(draws.KIND, min_size=3, max_size=6))
    def begin(self, kinds: list[str]) -> MultipleResults[str]:
        return multiple(*(self.senders.send(kind, "door") for kind in kinds))

    @precondition(lambda self: len(self.senders) < MOST)
    @happens(target=sent, kind=draws.KIND, way=draws.WAY, trap=draws.DOOR)
    def send(self, kind: str, way: str, trap: Trap | None) -> str:
        self.run.life.set(trap)
        return self.senders.send(kind, way)

    @happens(number=sent, way=draws.WAY)
    def send_again(self, number: str, way: str) -> None:
        self.senders.send_again(number, way)

    @happens(number=sent)
    def send_another(self, number: str) -> None:
        self.senders.send_another(number)

    @happens(which=draws.WHICH, message=draws.MESSAGE)
    def complete(self, which: int, message: str) -> None:
        self.senders.complete(self._one("incomplete", which), message)

    # ---- People ------------------------------------------------------------------------------

    @happens(state=draws.STATE, which=draws.WHICH)
    def cancel(self, state: str, which: int) -> None:
        self.people.cancel(self._one(state, which))

    @happens(which=draws.WHICH)
    def settle(self, which: int) -> None:
        self.people.settle(self._one("uncertain", which))

    @happens(which=draws.WHICH, entry=draws.ENTRY)
    def refund(self, which: int, entry: str) -> None:
        self.people.refund(self._one("submitted", which), entry)

    @happens(entry=draws.ENTRY, contract=draws.CONTRACT, amount=draws.AMOUNT)
    def adjust(self, entry: str, contract: str, amount: int) -> None:
        self.people.adjust(entry, contract, amount)

    @happens(number=sent)
    def replay(self, number: str) -> None:
        self.people.replay(number)

    # ---- What else may be --------------------------------------------------------------------

    @happens(number=sent, queues=draws.QUEUES, trap=draws.STEP)
    def follow(self, number: str, queues: list[str], trap: Trap | None) -> None:
        """Hints come too early, too often and in any order."""
        self.run.life.set(trap)
        self.run.follow(number, queues)

    @happens()
    def expire(self) -> None:
        self.run.expire()

    @happens()
    def redis_forgets(self) -> None:
        self.run.world.flush()
        self.run.read()

    def _one(self, state: str, which: int) -> str:
        """Choose a request that stands so; now and then, and when there is none, any."""
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
