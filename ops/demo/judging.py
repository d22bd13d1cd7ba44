"""Whether all ended as expected: states, account, and one ticket each at the simulated portals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import RenderableType

from ledger import proof, views
from ledger.proof import Proof
from ledger.states import State
from ledger.views import Balance, Filter
from ops import simulated
from ops.answer import Answer
from ops.answers.account import balance_table, proof_document, proof_pages
from ops.demo.samples import Expected, Key, Sample, Samples
from ops.demo.standing import MOST, Standing, deductions, standings, strangers
from ops.output import WIDE, add, line, table, whole
from ops.site import Site

TICKETED = frozenset({State.SUBMITTED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sample at the end."""

    sample: Sample
    stands: Standing
    expected: Expected | None
    incidents: int

    @property
    def ok(self) -> bool:
        """Whether it stands where it was expected to, or, expected nowhere, at least rests."""
        wanted = self.expected
        if wanted is None:
            return self.stands.resting
        return wanted.state == self.stands.state and wanted.code in ("", self.stands.code)

    def as_dict(self) -> dict[str, Any]:
        sample, wanted = self.sample, self.expected
        return {
            "way": sample.way,
            "source": sample.key[0],
            "id": sample.id,
            "number": sample.number,
            "product": sample.product,
            **asdict(self.stands),
            "incidents": self.incidents,
            "expected": None if wanted is None else asdict(wanted),
            "ok": self.ok,
        }


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything the demonstration proves."""

    outcomes: tuple[Outcome, ...]
    missing: tuple[Key, ...]
    """Expected, and never sent."""
    strangers: tuple[str, ...]
    """In the ledger, and never sent."""
    balances: tuple[Balance, ...]
    proof: Proof
    tickets: int
    doubtful: tuple[str, ...]
    """Tickets that only one side has, or that one side has twice."""
    log: str

    @property
    def ok(self) -> bool:
        wrong = (self.missing, self.strangers, self.doubtful)
        return all(one.ok for one in self.outcomes) and not any(wrong) and self.proof.clean


def judge(site: Site, samples: Samples) -> Judgement:
    """Look at everything once more, from the ledger and from the portals' side."""
    all_of_them = samples.all
    now, cost = standings(site.app, all_of_them), deductions(site.app, all_of_them)
    expected = samples.expected or {}
    outcomes = tuple(
        Outcome(one, now[one.number], _wanted(one, samples), cost.get(one.number, 0))
        for one in all_of_them
    )
    tickets = _tickets_there(site)
    return Judgement(
        outcomes=outcomes,
        missing=tuple(expected.keys() - {one.key for one in all_of_them}),
        strangers=tuple(strangers(site.app, all_of_them)),
        balances=tuple(site.app.store.read(views.balances)),
        proof=site.app.store.read(proof.verify),
        tickets=tickets.total(),
        doubtful=tuple(_doubtful(tickets, _tickets_here(site))),
        log=str(site.log),
    )


def _wanted(sample: Sample, samples: Samples) -> Expected | None:
    """Say what is expected: a folder that says so of any sample must say so of every one."""
    if samples.expected is None:
        return None
    return samples.expected.get(sample.key, Expected("not in expected.csv", ""))


def _tickets_there(site: Site) -> Counter[str]:
    return Counter(one["number"] for one in simulated.tickets(site.sandbox_url or ""))


def _tickets_here(site: Site) -> Counter[str]:
    lines = site.app.store.read(lambda db: views.listing(db, Filter(), most=MOST))
    return Counter(one.ticket or one.id for one in lines if one.ticket or one.state in TICKETED)


def _doubtful(there: Counter[str], here: Counter[str]) -> list[str]:
    return sorted(
        number for number in there.keys() | here.keys() if (there[number], here[number]) != (1, 1)
    )


# ---- What is shown -------------------------------------------------------------------------------


def answer(found: Judgement) -> Answer:
    document = {
        "ok": found.ok,
        "samples": [one.as_dict() for one in found.outcomes],
        "missing": found.missing,
        "strangers": found.strangers,
        "balances": [asdict(one) for one in found.balances],
        "verify": proof_document(found.proof),
        "tickets": {"number": found.tickets, "doubtful": found.doubtful},
        "log": found.log,
    }
    return Answer(document, lambda columns: _pages(found, columns), ok=found.ok)


def _pages(found: Judgement, columns: int) -> Iterator[RenderableType]:
    yield line("")
    yield _outcome_table(found, columns)
    yield line("\nAccount", style="bold")
    yield balance_table(found.balances)
    yield line("")
    yield from proof_pages(found.proof)
    yield from _ticket_pages(found)
    for name, keys in (("expected but never sent", found.missing), ("never sent", found.strangers)):
        if keys:
            yield line(f"{name}: {keys}", style="red")
    right = sum(one.ok for one in found.outcomes)
    words = f"samples: {right} of {len(found.outcomes)} as expected"
    yield line(words, style="green" if right == len(found.outcomes) else "red")
    yield whole("event log:", found.log)


def _outcome_table(found: Judgement, columns: int) -> RenderableType:
    wide = columns >= WIDE
    names = ("way in!", "sender's id…22", "product…20") if wide else ("sender's id…14",)
    states = ("expected!", "state!", "code or ticket!")
    shown = table("!", *names, *states, "contract…12", "cost#")
    for one in found.outcomes:
        sample, stands, wanted = one.sample, one.stands, one.expected
        who = (sample.way, sample.id, sample.product) if wide else (sample.id,)
        states = (wanted.state if wanted else "", stands.state, stands.says)
        style = "" if one.ok else "red"
        sign = "✓" if one.ok else "✗"
        add(shown, sign, *who, *states, stands.contract, one.incidents or "", style=style)
    return shown


def _ticket_pages(found: Judgement) -> Iterator[RenderableType]:
    if found.doubtful:
        words = f"tickets: not one each at the portals: {', '.join(found.doubtful)}"
        yield line(words, style="red")
    else:
        words = f"tickets: {found.tickets} at the portals, one each for the ledger's"
        yield line(words, style="green")
