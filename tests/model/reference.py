"""The contract, as anybody could reckon it with pen and paper. Imports nothing of ours.

It is told what was sent, what the portals did by their own account, what people did and who did
not come back; it says what may be answered and what the ledger may show. How any of it is done it
does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

TRIES = 4
"""That came to nothing before a request fails; a wait that the portal named is none."""
CLAIMS = 2
"""By somebody who does not come back, before a request is put away as poison."""
UNDER_WAY = {"submitting", "uncertain"}
"""Where a ticket may exist that nobody knows of; its incident stays promised."""
RESTS = {"incomplete", "rejected", "submitted", "uncertain", "failed", "cancelled"}
CAN_BE_CALLED_OFF = {"received", "incomplete", "rejected", "queued", "failed"}


@dataclass(slots=True)
class Request:
    """One request; its content `leads` to being filed, rejected or incomplete."""

    content: str
    leads: str
    contract: str | None
    """Which pays one incident for the ticket, if incidents are counted."""
    acknowledged: bool = False
    state: str = ""
    """Where it was seen last."""
    told: list[bytes] = field(default_factory=list)
    completions: set[str] = field(default_factory=set)
    called_off: bool = False
    refund: str | None = None
    ticket: bool = False
    """Whether the portal made one."""
    unsure: bool = False
    """Whether something was sent, and nobody knows yet what became of it."""
    adrift: bool = False
    """Whether somebody slept for a day with the order in hand, and sent it then, come what may."""
    refusals: int = 0
    losses: int = 0
    """Orders that got lost or were turned away, no time being named."""
    silences: int = 0
    """Look-ups that proved nothing."""
    deaths: int = 0


@dataclass(slots=True)
class Reference:
    """All requests by number, and what was given to each contract whose incidents are counted."""

    given: dict[str, int]
    requests: dict[str, Request] = field(default_factory=dict)
    acted: set[str] = field(default_factory=set)
    """On which requests senders and people acted since the last look."""
    ran_dry: set[str] = field(default_factory=set)

    # ---- What may be answered ----------------------------------------------------------------

    def door(self, number: str, content: str) -> set[str]:
        """Give the answers to who sends this."""
        known = self.requests.get(number)
        if known is None:
            return {"new"}
        if not known.acknowledged:
            return {"new", "repeat"}
        return {"repeat"} if known.content == content else {"reused"}

    def completion(self, number: str, message: str) -> set[str]:
        """Give the answers to who sends what was missing."""
        one = self.requests[number]
        if message in one.completions:
            return {"repeat"}
        return {"completed"} if one.state == "incomplete" else {"unreadable"}

    def refund(self, number: str, entry: str) -> bool:
        """Whether the incident is given back: once, however often it is said under one id."""
        one = self.requests[number]
        paid = one.contract is not None and one.state == "submitted"
        return paid and one.refund in {None, entry}

    def adjustment(self, contract: str, amount: int) -> set[bool]:
        """Whether the account may be changed so: what is promised has to stay."""
        left = self.balance(contract) + amount
        return {left >= promised for promised in self.promised(contract)}

    # ---- What happened -----------------------------------------------------------------------

    def portal(self, number: str, did: str, *, blind: bool) -> None:
        """Note one answer of a portal: to a look-up (no proof if `blind`), or to an order."""
        one = self.requests[number]
        if did == "looked up" and (one.ticket or not blind):
            one.unsure = False
        elif did in {"looked up", "silent"}:
            one.silences += 1
        else:
            again = (one.unsure or one.ticket) and not one.adrift
            assert not again, f"{number} was sent again before anyone knew what became of it"
            one.unsure = True
            one.ticket |= did == "made"
            one.refusals += did == "refused"
            one.losses += did == "lost"

    def gone(self, number: str, *, adrift: bool) -> None:
        """Note that whoever had it in hand is gone, perhaps to send it much later."""
        one = self.requests[number]
        one.deaths += 1
        one.adrift |= adrift

    def reckon(self) -> None:
        """Note which contracts cannot pay for all that is under way; then all is seen."""
        for contract in self.given:
            waiting = sum(one.state not in RESTS - UNDER_WAY for one in self._of(contract))
            if self.balance(contract) < waiting:
                self.ran_dry.add(contract)
        self.acted.clear()

    # ---- What must be so ---------------------------------------------------------------------

    def balance(self, contract: str) -> int:
        """Reckon opening and adjustments, less one for each ticket, and what was given back."""
        of = self._of(contract)
        taken = sum(one.state == "submitted" for one in of)
        return self.given[contract] - taken + sum(one.refund is not None for one in of)

    def promised(self, contract: str) -> range:
        """Give how many incidents may be promised: what waits for a portal may have its own."""
        states = [one.state for one in self._of(contract)]
        least = sum(state in UNDER_WAY for state in states)
        return range(least, least + states.count("queued") + 1)

    def holds(self, contract: str, balance: int, promised: int) -> None:
        """Compare an account: it is exact, and nothing is promised twice."""
        right, may = self.balance(contract), self.promised(contract)
        assert balance == right, f"{contract} has {balance}, not {right}"
        assert promised in may, f"{contract} promises {promised}, not {may}"
        assert promised <= balance, f"{contract} promises {promised} and has {balance}"

    def stands(self, number: str, state: str) -> None:
        """Compare where a request stands: what rests stays so until someone acts on it."""
        one = self.requests[number]
        moved = one.state in RESTS and state != one.state and number not in self.acted
        assert not moved, f"{number} was {one.state} and is {state} by itself"
        one.state = state
        one.unsure &= state in UNDER_WAY

    def tells(self, number: str, told: Sequence[tuple[int, bytes]]) -> None:
        """Compare its events: numbered 1, 2, 3 …, and what was said once stays said."""
        one = self.requests[number]
        numbers, bodies = [sequence for sequence, _ in told], [body for _, body in told]
        assert numbers == list(range(1, len(told) + 1)), f"{number}: its events are {numbers}"
        assert bodies[: len(one.told)] == one.told, f"{number} says something else than before"
        one.told = bodies

    def rests(self, number: str) -> set[str]:
        """Give where it may have come to rest when nothing is left to do."""
        one = self.requests[number]
        poison = one.deaths >= CLAIMS
        if one.called_off:
            return {"cancelled"}
        if one.leads != "filed":
            return {one.leads, "failed"} if poison else {one.leads}
        without = not one.ticket or one.adrift
        tired = one.losses + one.silences + one.deaths >= TRIES
        may = {
            "submitted": one.ticket,
            "uncertain": poison or one.silences > 0,
            "failed": without and (poison or tired or one.refusals > 0),
            "rejected": without and one.contract in self.ran_dry,
        }
        return {state for state, possible in may.items() if possible}

    def _of(self, contract: str) -> list[Request]:
        return [one for one in self.requests.values() if one.contract == contract]
