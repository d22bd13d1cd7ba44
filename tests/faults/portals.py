"""Carriers in front of the real ones that go wrong where a simulated portal cannot."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from typing_extensions import override

from adapters.portals.port import Listing, Order, Portal, Scope, Ticket
from tests.driving import Driver


class Crash(BaseException):
    """A worker dies here."""


def crash() -> None:
    """Die."""
    raise Crash


@dataclass(frozen=True, slots=True)
class Through:
    """A carrier that hands everything on to the real one."""

    real: Portal
    lookup_is_proof: bool = True
    visible_after_s: float = 0.0

    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        return self.real.file(order, note)

    def resume(self, order: Order, token: str) -> Ticket:
        return self.real.resume(order, token)

    def find(self, order: Order) -> Ticket | None:
        return self.real.find(order)

    def list_tickets(self, scopes: Sequence[Scope], since: datetime) -> Listing | None:
        return self.real.list_tickets(scopes, since)

    def close(self) -> None:
        self.real.close()


@dataclass(frozen=True, slots=True)
class HeldUp(Through):
    """The first order is held up on its way to the portal, or its answer on the way back."""

    before: Callable[[], object] = bool
    after: Callable[[], object] = bool
    _passed: threading.Event = field(default_factory=threading.Event)

    @override
    def file(self, order: Order, note: Callable[[str], None]) -> Ticket:
        if self._passed.is_set():
            return self.real.file(order, note)
        self._passed.set()
        self.before()
        ticket = self.real.file(order, note)
        self.after()
        return ticket


@dataclass(frozen=True, slots=True)
class Blind(Through):
    """A carrier to a portal that knows neither keys nor look-ups."""

    lookup_is_proof: bool = False

    @override
    def find(self, order: Order) -> Ticket | None:
        return None


def by_way_of(driver: Driver, **portals: Portal) -> Driver:
    """Give the same app with other carriers for these routes."""
    return replace(driver, app=replace(driver.app, portals={**driver.app.portals, **portals}))
