"""Where each sample stands, as the ledger has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ledger import quarantine, views
from ledger.states import SETTLED, State
from ledger.store import Connection
from ledger.views import Filter, Line
from ops.demo.samples import UNREADABLE, Sample
from workers.app import App

MOST = 100_000
RESTING = frozenset({*SETTLED, State.HELD, State.HANDED_OVER, UNREADABLE})
"""Where no machine goes on by itself any time soon."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A sample's state, and what the ledger says beside it."""

    state: str
    code: str = ""
    ticket: str = ""
    contract: str = ""

    @property
    def resting(self) -> bool:
        return self.state in RESTING

    @property
    def says(self) -> str:
        return self.code or self.ticket


SENT = Standing("–")
"""Of what the ledger has not seen."""


def standings(app: App, samples: Iterable[Sample]) -> dict[str, Standing]:
    """Give every sample's standing by its number."""
    found = app.store.read(_everything)
    return {sample.number: found.get(sample.number, SENT) for sample in samples}


def _everything(db: Connection) -> dict[str, Standing]:
    lines = {one.id: _of(one) for one in views.listing(db, Filter(), most=MOST)}
    kept = {one.id: Standing(UNREADABLE, one.code) for one in quarantine.kept(db)}
    return {**lines, **kept}


def _of(one: Line) -> Standing:
    return Standing(one.state, one.code or "", one.ticket or "", one.contract or "")


def strangers(app: App, samples: Sequence[Sample]) -> list[str]:
    """Give the numbers of requests and quarantined messages that no sample stands for."""
    return sorted(app.store.read(_everything).keys() - {sample.number for sample in samples})


def deductions(app: App, samples: Sequence[Sample]) -> Mapping[str, int]:
    """Give how many incidents each request cost, by its number."""

    def query(db: Connection) -> dict[str, int]:
        stories = [views.story(db, sample.number) for sample in samples]
        return {
            one.line.id: -sum(entry["amount"] for entry in one.entries)
            for one in stories
            if one is not None
        }

    return app.store.read(query)
