"""The contract, as anybody could reckon it with pen and paper. Imports nothing of ours.

It is told what was sent, what the portals did by their own account, what people did and who died;
it says what the ledger may show then. How anything is done it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ATTEMPTS = 4
"""Tries that came to nothing before a request fails; a wait that the portal named is none."""
DELIVERIES = 2
"""How often a request may be taken up by someone who does not come back."""
CAN_BE_CALLED_OFF = {"received", "incomplete", "rejected", "queued", "failed"}
RESTS = {"incomplete", "rejected", "submitted", "uncertain", "failed", "cancelled"}
UNDER_WAY = {"submitting", "uncertain"}
"""Where a ticket may exist that nobody knows of, and its incident stays promised."""


@dataclass(slots=True)
class Request:
    """One request; `rules` say where its content leads: filed, rejected or incomplete."""

    content: str
    rules: str
    contract: str | None
    """Which pays one incident for the ticket."""
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
    """Whether something was sent, and nobody has looked since what became of it."""
    adrift: bool = False
    """Whether someone slept with the order in hand for a day, and sent it then, whatever was."""
    refusals: int = 0
    waits: int = 0
    silences: int = 0
    """Look-ups that proved nothing."""
    deaths: int = 0


@dataclass(slots=True)
class Reference:
    """All requests by number, and what was given to each contract that is counted."""

    given: dict[str, int]
    requests: dict[str, Request] = field(default_factory=dict)
    acted: set[str] = field(default_factory=set)
    """On which requests people, senders and sleepers acted since the last look."""
    ran_dry: set[str] = field(default_factory=set)

    def door(self, number: str, content: str) -> set[str]:
        """Say what may be answered to who sends this."""
        known = self.requests.get(number)
        if known is None:
            return {"new"}
        if not known.acknowledged:
            return {"new", "repeat"}
        return {"repeat"} if known.content == content else {"reused"}

    def completion(self, number: str, message: str) -> set[str]:
        """Say what may be answered to who sends what was missing."""
        one = self.requests[number]
        if message in one.completions:
            return {"repeat"}
        return {"completed"} if one.state == "incomplete" else {"unreadable"}

    def refundable(self, number: str, entry: str) -> bool:
        """Say whether the incident is given back, or was under this very id."""
        one = self.requests[number]
        paid = one.contract is not None and one.state == "submitted"
        return paid and one.refund in {None, entry}

    def adjustable(self, contract: str, amount: int) -> set[bool]:
        """Say whether the adjustment may be made: what is promised has to stay."""
        left, promised = self.balance(contract) + amount, self.promised(contract)
        return {left >= least for least in promised}

    def balance(self, contract: str) -> int:
        """Reckon opening and adjustments, less one for each ticket, and what was given back."""
        of = self._of(contract)
        taken = sum(one.state == "submitted" for one in of)
        return self.given[contract] - taken + sum(one.refund is not None for one in of)

    def promised(self, contract: str) -> range:
        """Say how many incidents may be promised: what waits for a portal may have its promise."""
        of = self._of(contract)
        least = sum(one.state in UNDER_WAY for one in of)
        return range(least, least + sum(one.state == "queued" for one in of) + 1)

    def completed(self, number: str, message: str, contract: str) -> None:
        """Take note that the sender was told so."""
        one = self.requests[number]
        one.completions.add(message)
        one.rules, one.contract = "filed", contract
        self.acted.add(number)

    def called_off(self, number: str) -> None:
        """Take note that a person was told so."""
        self.requests[number].called_off = True
        self.acted.add(number)

    def left(self, number: str, *, adrift: bool) -> None:
        """Take note that whoever had it in hand is gone, perhaps to send it late."""
        one = self.requests[number]
        one.deaths += 1
        one.adrift |= adrift

    def portal(self, number: str, did: str, *, blind: bool) -> None:
        """Take note of an answer: a look-up's (no proof if `blind`), or what became of an order."""
        one = self.requests[number]
        if did == "looked up" and (one.ticket or not blind):
            one.unsure = False
        elif did in {"looked up", "proved nothing"}:
            one.silences += 1
        else:
            again = (one.unsure or one.ticket) and not one.adrift
            assert not again, f"{number} was sent again before anyone knew what became of it"
            one.unsure = True
            one.ticket |= did == "made"
            one.refusals += did == "refused"
            one.waits += did in {"later", "lost"}

    def stands(self, number: str, state: str) -> None:
        """Follow a request to where it stands: what rests stays, until someone acts on it."""
        one = self.requests[number]
        stays = one.state not in RESTS or number in self.acted
        assert stays or state == one.state, f"{number} was {one.state} and is {state} by itself"
        one.state = state
        one.unsure &= state in UNDER_WAY

    def holds(self, contract: str, balance: int, promised: int) -> None:
        """Compare a contract's account: it is exact, and nothing is promised twice."""
        right, may = self.balance(contract), self.promised(contract)
        assert balance == right, f"{contract} has {balance}, not {right}"
        assert promised in may, f"{contract} promises {promised}, not {may}"
        assert promised <= balance, f"{contract} promises {promised} and has {balance}"

    def tells(self, number: str, told: Sequence[tuple[int, bytes]]) -> None:
        """Follow its events: numbered 1, 2, 3 …, and what was said once is not changed."""
        one = self.requests[number]
        assert [sequence for sequence, _ in told] == list(range(1, len(told) + 1)), told
        bodies = [body for _, body in told]
        assert bodies[: len(one.told)] == one.told, f"{number} says something else than before"
        one.told = bodies

    def reckon(self) -> None:
        """Note which contracts cannot pay for everything that is under way; then all is seen."""
        for contract in self.given:
            waiting = sum(one.state not in RESTS - UNDER_WAY for one in self._of(contract))
            if self.balance(contract) < waiting:
                self.ran_dry.add(contract)
        self.acted.clear()

    def rests(self, number: str) -> set[str]:
        """Say where it may have come to rest when nothing is left to do."""
        one = self.requests[number]
        if one.called_off:
            return {"cancelled"}
        poison = one.deaths >= DELIVERIES
        if one.rules != "filed":
            return {one.rules, "failed"} if poison else {one.rules}
        without = not one.ticket or one.adrift
        tired = one.waits + one.silences + one.deaths >= ATTEMPTS
        may = {
            "submitted": one.ticket,
            "uncertain": poison or one.silences > 0,
            "failed": without and (poison or tired or one.refusals > 0),
            "rejected": without and one.contract in self.ran_dry,
        }
        return {state for state, possible in may.items() if possible}

    def _of(self, contract: str) -> list[Request]:
        return [one for one in self.requests.values() if one.contract == contract]
