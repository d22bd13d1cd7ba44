"""Carries deliveries to single receivers: each once at a time, in order for each request.

Receivers do not hold each other up: each line of deliveries has a thread of its own while there is
something for it. What a carrier says is written down by `workers/delivered.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass

import structlog

from adapters.errors import Refused, TryLater
from ledger import deliveries
from ledger.deliveries import Delivery, Overtaken
from ledger.store import Connection, DatabaseAway
from workers.app import App, NotWanted
from workers.delivered import NotTaken, hand_back, named, not_taken, sent
from workers.rests import Rests

log = structlog.get_logger()
AT_ONCE = 16
"""Lines that a process carries at a time."""
LONGEST_S = 90.0
"""A carrier that takes longer hangs: its lease is left to lapse."""
GRACE_S = 5.0
"""How long the end of the process waits for what is under way."""


@dataclass(slots=True)
class _Line:
    """A line that is being carried: by whom, and what of it is in hand since when."""

    thread: threading.Thread
    delivery: Delivery
    since: float


class Deliverer:
    """What this process has in hand, and which receivers it lets rest."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._lines: dict[str, _Line] = {}
        self._rests = Rests()
        self._stopping = threading.Event()

    def round(self) -> int:
        """Take what is due and have it carried; give how many lines were begun."""
        self._renew()
        with self._guard:
            busy, room = {*self._lines, *self._rests.now()}, AT_ONCE - len(self._lines)
        app = self._app
        if room <= 0 or not app.store.read(lambda db: deliveries.waits(db, app.carriers, busy)):
            return 0
        found = app.store.write(lambda db: self._claim(db, busy, room))
        for delivery in found:
            self._begin(delivery)
        return len(found)

    def until_idle(self) -> None:
        """Wait until everything that was begun is over."""
        while threads := self._threads():
            for thread in threads:
                thread.join()

    def close(self) -> None:
        """Begin nothing more, and wait a little for what is under way."""
        self._stopping.set()
        deadline = time.monotonic() + GRACE_S
        for thread in self._threads():
            thread.join(max(0.0, deadline - time.monotonic()))

    def _claim(self, db: Connection, busy: Collection[str], most: int) -> list[Delivery]:
        return deliveries.claim(
            db,
            owner=self._app.owner,
            lease_s=self._app.limits.lease_s,
            ways=self._app.carriers,
            busy=busy,
            most=most,
        )

    def _threads(self) -> list[threading.Thread]:
        with self._guard:
            return [line.thread for line in self._lines.values()]

    def _renew(self) -> None:
        hung = time.monotonic() - LONGEST_S
        with self._guard:
            held = [line.delivery for line in self._lines.values() if line.since > hung]
        app = self._app
        if held:
            app.store.write(lambda db: deliveries.renew(db, app.owner, held, app.limits.lease_s))

    def _begin(self, delivery: Delivery) -> None:
        name = f"deliver {delivery.line}"
        thread = threading.Thread(target=self._serve, args=(delivery,), name=name, daemon=True)
        with self._guard:
            self._lines[delivery.line] = _Line(thread, delivery, time.monotonic())
            thread.start()

    def _serve(self, first: Delivery) -> None:
        """Carry one delivery of the line after the other, as long as there is one."""
        delivery: Delivery | None = first
        with self._guard:
            line = self._lines[first.line]
        try:
            while delivery is not None and not self._stopping.is_set():
                line.delivery, line.since = delivery, time.monotonic()
                delivery = self._carry(delivery)
            if delivery is not None:
                hand_back(self._app, delivery)
        except Overtaken:
            log.warning("delivery.overtaken", **named(line.delivery))
        except DatabaseAway as error:
            log.warning("delivery.away", error=type(error).__name__, **named(line.delivery))
        except Exception:
            log.exception("delivery.broke", **named(line.delivery))
        finally:
            with self._guard:
                del self._lines[first.line]

    def _carry(self, delivery: Delivery) -> Delivery | None:
        """Carry it, and write down what came of it; give the next one of the line."""
        app, request = self._app, delivery.request or ""
        app.reach("deliver.claimed", request)
        error = _carried(app, delivery)
        if error is None:
            app.reach("deliver.sent", request)
            self._rests.end(delivery.line)
            return sent(app, delivery)
        if isinstance(error, TryLater) and error.ill:
            self._rests.begin(delivery.line, error.after_s if error.named else 0.0)
        return not_taken(app, delivery, error)


def _carried(app: App, delivery: Delivery) -> NotTaken | None:
    """Have it carried; give why it was not taken, if it was not."""
    try:
        app.carriers[delivery.way](app, delivery)
    except (TryLater, Refused, NotWanted) as error:
        return error
    except DatabaseAway:
        raise
    except Exception as error:
        log.exception("carrier.broke", **named(delivery))
        return TryLater("broke", f"carrying it broke ({type(error).__name__})", after_s=0.0)
    return None
