"""What goes on while somebody sleeps over a request."""

from __future__ import annotations

from collections.abc import Callable

from tests.model.life import HELD, Trap
from tests.model.people import People
from tests.model.run import Run
from tests.model.senders import Senders
from workers.actors import STEPS


class Meanwhile:
    """Others, and what they may do; time passes only with `work`."""

    def __init__(self, run: Run, senders: Senders, people: People) -> None:
        self._run = run
        self._of_any: dict[str, Callable[[], object]] = {
            "work": self._work,
            "expire": run.expire,
            "publish": run.publish,
        }
        self._of_one: dict[str, Callable[[str], object]] = {
            "decide": lambda number: run.follow(number, ["assess"]),
            "complete": lambda number: senders.complete(number, "meanwhile"),
            "cancel": people.cancel,
            "settle": people.settle,
        }

    def goes_on(self, trap: Trap, number: str) -> None:
        """Note who died or sleeps over which request, if any, and have others do their part."""
        if number:
            adrift = trap.place == "submit.before_call" and "work" in (trap.meanwhile or ())
            self._run.model.gone(number, adrift=adrift)
        if trap.meanwhile is not None and trap.place in HELD:
            self._in_vain(number)
            held = self._run.ground.hand(number)
            self._others(trap, number)
            if (left := self._run.ground.hand(number)).lease_owner != held.lease_owner:
                self._run.overtaken[number] = left
        else:
            self._others(trap, number)

    def _others(self, trap: Trap, number: str) -> None:
        self._run.life.set(trap.then)
        for what in trap.meanwhile or ():
            self._run.agree()
            if what in self._of_any:
                self._of_any[what]()
            elif number:
                self._of_one[what](number)

    def _work(self) -> None:
        self._run.ground.time_passes()
        self._run.work()

    def _in_vain(self, number: str) -> None:
        """Follow every hint at a request that is in somebody's hands."""
        before = len(self._run.logged)
        self._run.follow(number, STEPS)
        said = {one["event"] for one in self._run.logged[before:]}
        assert said == {"hint.idle"}, f"{number} was in two hands: {said}"
