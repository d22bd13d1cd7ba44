"""Which trouble comes when: drawn from a seed, and from nothing but the seed and the length.

A deck of cards is shuffled and dealt until the time is over, so that a drill of five minutes meets
every kind several times. Makes no trouble itself: see `ops.drill.trouble`.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass

import orjson

LEASE_S = 10.0
"""The default of `TORITSUGI_LEASE_S`, which a drill runs with."""
PAUSES_S = (1.0, 4.0)
"""The shortest and the longest time between the beginnings of two troubles."""
PORTALS = ("azure", "office", "onprem", "partner_portal")
WORKERS, CLOCKS, INTAKES = (("worker", "worker.2"), ("clock", "clock.2"), ("intake", "intake.2"))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What begins `at_s` after the start, what it befalls, and how long it lasts."""

    at_s: float
    kind: str
    target: str
    length_s: float
    """0 where the thing is done in a moment, or a portal's next few calls are what ends it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A kind of trouble: one of the targets gets it, `often` times in each deal of the deck."""

    kind: str
    targets: tuple[str, ...]
    often: int = 1
    lengths_s: tuple[float, float] = (0.0, 0.0)


DECK = (
    Card("kill", WORKERS, often=4),
    Card("kill", CLOCKS),
    Card("kill", INTAKES),
    Card("kill", ("web",)),
    Card("kill", ("sandbox",)),
    Card("kill", ("redis",)),
    Card("stop", WORKERS, often=2, lengths_s=(2 * LEASE_S, 2 * LEASE_S)),
    Card("stop", CLOCKS, lengths_s=(2 * LEASE_S, 2 * LEASE_S)),
    Card("stop", INTAKES, lengths_s=(2 * LEASE_S, 2 * LEASE_S)),
    Card("flush", ("redis",)),
    Card("read-only", ("redis",), lengths_s=(1.0, 5.0)),
    Card("pause", ("redis",), lengths_s=(1.0, 5.0)),
    Card("full", ("redis",), lengths_s=(1.0, 5.0)),
    Card("away", ("database",), often=2, lengths_s=(2.0, 5.0)),
    Card("429, seconds named", PORTALS),
    Card("429, a date named", PORTALS),
    Card("429, a past date named", PORTALS),
    Card("429, no time named", PORTALS),
    Card("500 to orders", PORTALS),
    Card("slow", PORTALS),
    Card("cut before the order", PORTALS),
    Card("cut after the order", PORTALS, often=2),
    Card("half an answer", PORTALS),
    Card("an error page with 200", PORTALS),
    Card("maintenance", PORTALS),
    Card("revoked", PORTALS),
    Card("takes no changes", PORTALS),
    Card("taken, then refused", ("azure",)),
)


def schedule(seed: int, length_s: float) -> tuple[Trouble, ...]:
    """Give the troubles in their order; none lasts longer than the drill."""
    return tuple(_drawn(random.Random(seed), length_s))  # noqa: S311  (to be repeated, not secret)


def _drawn(chance: random.Random, length_s: float) -> Iterator[Trouble]:
    cards: list[Card] = []
    at_s = chance.uniform(*PAUSES_S)
    while at_s < length_s:
        if not cards:
            cards = [card for card in DECK for _ in range(card.often)]
            chance.shuffle(cards)
        card = cards.pop()
        lasts_s = min(chance.uniform(*card.lengths_s), length_s - at_s)
        yield Trouble(round(at_s, 2), card.kind, chance.choice(card.targets), round(lasts_s, 2))
        at_s += chance.uniform(*PAUSES_S)


def digest(troubles: Sequence[Trouble]) -> str:
    """Give twelve hex digits by which two drills see that they met the same."""
    return hashlib.sha256(orjson.dumps([astuple(one) for one in troubles])).hexdigest()[:12]
