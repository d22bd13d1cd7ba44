"""The decision on paper: a request before the rules, with what the ledger's directory knows.

Nothing is stored, and nobody is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.request import SupportRequest
from ledger import directory
from ledger.clock import moment
from ledger.store import Connection
from rules.engine import decide
from rules.facts import Facts
from rules.verdict import Verdict
from workers.app import App
from workers.facts import facts_of


@dataclass(frozen=True, slots=True)
class Paper:
    """A verdict, with the facts it stands on."""

    facts: Facts
    verdict: Verdict


def on_paper(app: App, request: SupportRequest, day: date | None = None) -> Paper:
    """Decide for today, or for another day."""

    def read(db: Connection) -> Facts:
        known = directory.known(db, request.partner, request.agent, request.customer)
        today = day or app.day(moment(db))
        return facts_of(request, request.secrets(), known, app.vault.fingerprint, today)

    facts = app.store.read(read)
    return Paper(facts, decide(facts, app.book))
