"""Those who act on requests and accounts from outside; they tell the truth."""

from __future__ import annotations

from ledger import account, outbox
from ledger.account import AccountError, Change
from ledger.store import DatabaseError
from tests.model.reference import CAN_BE_CALLED_OFF
from tests.model.run import Run
from workers import settle
from workers.cancel import NotCancelled, cancel
from workers.settle import NotSettled, Word

WORD = Word("t", "t")


class People:
    """All people of a run; each of their acts is compared with what may be answered."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._adjustments: set[str] = set()

    def cancel(self, number: str) -> None:
        """Call a request off; that it is too late for it is an answer, too."""
        one = self._run.model.requests[number]
        try:
            cancel(self._run.life.app, number, who="t", why="t")
        except NotCancelled:
            assert one.state not in CAN_BE_CALLED_OFF, f"{number} is {one.state}, and stays so"
        else:
            assert one.state in CAN_BE_CALLED_OFF, f"{number} was {one.state}, and is called off"
            one.called_off = True
            self._run.model.acted.add(number)

    def settle(self, number: str) -> None:
        """Say whether the portal has the ticket, if it is asked."""
        uncertain = self._run.model.requests[number].state == "uncertain"
        there = self._run.ground.portals.held_for(number)
        try:
            if there:
                settle.found(self._run.life.app, number, there[0], None, WORD)
            else:
                settle.absent(self._run.life.app, number, WORD)
        except NotSettled:
            assert not uncertain, f"{number} cannot be settled"
        else:
            assert uncertain, f"{number} was settled, and nobody had asked"
            self._run.model.acted.add(number)

    def refund(self, number: str, entry: str) -> None:
        """Give back what a ticket has cost, under an id of one's own."""
        may = self._run.model.refund(number, entry)
        write = self._run.life.app.store.write
        try:
            write(lambda db: account.refund(db, number, f"{number}/{entry}", who="t", why="t"))
        except (AccountError, DatabaseError):
            assert not may, f"{number} was not given back"
        else:
            assert may, f"{number} was given back"
            self._run.model.requests[number].refund = entry

    def adjust(self, entry: str, contract: str, amount: int) -> None:
        """Change an account; under the same id once more nothing changes, whatever is said."""
        again = entry in self._adjustments
        may = {True} if again else self._run.model.adjustment(contract, amount)
        change = Change(f"adjustment {entry}", contract, "adjustment", amount, "t", "t")
        try:
            self._run.life.app.store.write(lambda db: account.add(db, change))
        except AccountError:
            assert False in may, f"{contract} was not changed by {amount}"
        else:
            assert True in may, f"{contract} was changed by {amount}"
            self._run.model.given[contract] += 0 if again else amount
            self._adjustments.add(entry)

    def replay(self, number: str) -> None:
        """Have everything that was said of a request said again."""
        self._run.life.app.store.write(lambda db: outbox.send_again(db, [number]))
