"""Compares the tickets that each portal holds under our keys with the ledger, and adopts.

A ticket is adopted only for a request that may have one and that no worker has in hand, after the
portal has named it once more under the request's own key. Never files or closes anything, and
never changes what is written down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from adapters.errors import TryLater
from adapters.portals.port import Listing, Order, Portal, Scope, Ticket, Unasked
from contracts.ids import is_request_id
from ledger import attempts, reconciliation, requests, tickets
from ledger.account import AccountError
from ledger.attempts import Outcome
from ledger.clock import moment
from ledger.store import Connection
from workers import findings, outcome
from workers.app import App
from workers.comparison import compare
from workers.findings import Finding, Item
from workers.order import order_of
from workers.senders import senders

log = structlog.get_logger()
KEPT = timedelta(days=500)
"""Azure keeps tickets for 18 months, and may refuse to be asked for older ones."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of one portal; `items` are those that do not simply agree.

    Without a list of its own (`listed`), it was asked for single requests. `unasked` is what it
    did not answer for.
    """

    portal: str
    listed: bool
    agrees: int
    items: tuple[Item, ...]
    unasked: tuple[Unasked, ...]

    def number(self, finding: Finding) -> int:
        """Give how many came down to this."""
        if finding == Finding.AGREES:
            return self.agrees
        return sum(item.finding == finding for item in self.items)

    @property
    def ok(self) -> bool:
        return not self.unasked and not self.number(Finding.UNEXPLAINED)


def reconcile(
    app: App, since: datetime | None, *, who: str, dry_run: bool = False
) -> tuple[datetime, list[Compared]]:
    """Compare every portal that is set up, and adopt unless it is a dry run.

    Gives the moment from which tickets were asked for, and what came of each portal.
    """
    begin = since or app.store.read(moment) - KEPT
    found = [
        _Comparison(app, name, portal, None if dry_run else who).run(begin)
        for name, portal in app.portals.items()
    ]
    return begin, _with_senders(app, found)


def _with_senders(app: App, found: Sequence[Compared]) -> list[Compared]:
    """Name who sent what the ledger does not know."""
    items = (item for one in found for item in one.items)
    known = senders(app, {item.request for item in items if item.code == findings.UNKNOWN})

    def named(item: Item) -> Item:
        sender = known.get(item.request)
        return item if sender is None else findings.named(item, sender.source, sender.id)

    return [replace(one, items=tuple(map(named, one.items))) for one in found]


class _Comparison:
    """One portal against the ledger; `who` adopts, None: nobody does."""

    def __init__(self, app: App, name: str, portal: Portal, who: str | None) -> None:
        self._app = app
        self._name = name
        self._portal = portal
        self._who = who
        self._unasked: list[Unasked] = []

    def run(self, since: datetime) -> Compared:
        places = self._app.store.read(lambda db: reconciliation.places(db, self._name))
        listing = self._portal.list_tickets([Scope(*place) for place in places], since)
        held = _by_key(listing)
        self._unasked += () if listing is None else listing.unasked
        items = [*self._held(held)]
        if listing is not None:
            items += self._not_listed(since, held)
        return Compared(
            portal=self._name,
            listed=listing is not None,
            agrees=sum(item.finding == Finding.AGREES for item in items),
            items=tuple(item for item in items if item.finding != Finding.AGREES),
            unasked=tuple(self._unasked),
        )

    def _held(self, held: Mapping[str, set[str]]) -> Iterator[Item]:
        """Go through what is listed; requests that may have a ticket and are not are asked for."""
        known = self._app.store.read(lambda db: reconciliation.known(db, held))
        wanted: dict[str, str | None] = {}
        for item in compare(self._name, held, known):
            if item.finding == Finding.ADOPTED:
                wanted[item.request] = item.number
            else:
                yield item
        perhaps = self._app.store.read(lambda db: reconciliation.perhaps_filed(db, self._name))
        wanted |= dict.fromkeys(request for request in perhaps if request not in held)
        for order, ticket in self._looked_up(wanted):
            yield from self._found(order.key, wanted[order.key], ticket)

    def _found(self, request: str, listed: str | None, ticket: Ticket | None) -> Iterator[Item]:
        """Go on with a request that has no ticket in the ledger."""
        if ticket is None:
            if listed is not None:
                yield findings.elsewhere(request, listed)
        elif listed is not None and listed != ticket.number:
            yield findings.several(request, {listed, ticket.number})
        else:
            yield self._adopted(request, ticket)

    def _adopted(self, request: str, ticket: Ticket) -> Item:
        store, item = self._app.store, Item(request, ticket.number, Finding.ADOPTED)
        owner = store.read(lambda db: tickets.owner(db, ticket.system, ticket.number))
        if owner not in (None, request):  # itself: somebody was quicker
            return findings.anothers(request, ticket.number, owner)
        if (who := self._who) is None:
            return item
        try:
            done = store.write(lambda db: _adopt(db, self._app, request, ticket, who))
        except AccountError as error:
            return findings.not_charged(request, ticket.number, str(error))
        log.info("request.adopted", request=request, ticket=ticket.number, who=who, done=done)
        return item if done else replace(item, finding=Finding.UNDER_WAY)

    def _not_listed(self, since: datetime, held: Collection[str]) -> Iterator[Item]:
        """Ask for each ticket of the ledger that is not listed before it is said to be missing."""
        filed = self._app.store.read(lambda db: reconciliation.filed(db, self._name, since))
        for order, ticket in self._looked_up(set(filed).difference(held)):
            number = filed[order.key]
            if ticket is None:
                yield findings.missing(order.key, number)
            elif ticket.number != number:
                yield findings.other_number(order.key, ticket.number, number)
            else:
                yield Item(order.key, number, Finding.AGREES)

    def _looked_up(self, wanted: Collection[str]) -> Iterator[tuple[Order, Ticket | None]]:
        """Look each up by its key; what cannot be asked is noted, and left out."""
        for request in sorted(wanted):
            row = self._app.store.read(partial(reconciliation.row, request=request))
            order = order_of(self._app, row)
            if any(one.covers(order.scope) for one in self._unasked):
                continue
            try:
                yield order, self._portal.find(order)
            except TryLater as error:
                whole = error.ill or error.named  # then other places would fare no better
                self._unasked.append(Unasked(None if whole else (order.scope,), error))


def _by_key(listing: Listing | None) -> Mapping[str, set[str]]:
    """Give the numbers under each key that is a request's."""
    numbers: dict[str, set[str]] = defaultdict(set)
    for one in () if listing is None else listing.held:
        if is_request_id(one.key):
            numbers[one.key].add(one.number)
    return numbers


def _adopt(db: Connection, app: App, request: str, ticket: Ticket, who: str) -> bool:
    """Write the ticket down as a worker would have; False when one has the request in hand."""
    claim = requests.seize_free(db, request, reconciliation.PERHAPS_FILED)
    if claim is None:
        return False
    attempt = attempts.unfinished(db, request)
    if attempt is not None:
        attempts.finish(db, claim, attempt.number, Outcome.FILED)
    outcome.adopt(db, app, claim, ticket, why="found at the portal", who=who)
    return True
