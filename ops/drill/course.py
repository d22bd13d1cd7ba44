"""The course of a drill: load under trouble, rest, a replay of the events, and the count."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import redis
import structlog

from ledger import audit, outbox, views
from ledger.clock import moment
from ledger.store import Connection, DatabaseError
from ops import actions
from ops.drill import evidence, load
from ops.drill.board import Board, Standing
from ops.drill.count import count
from ops.drill.evidence import Evidence, Heard
from ops.drill.receiver import Receiver
from ops.drill.report import Result
from ops.drill.schedule import digest
from ops.drill.senders import Book, Senders
from ops.drill.trouble import Ground
from ops.drill.troubles import Troubles

log = structlog.get_logger()
LOOK_S = 0.2
SETTLE_S = 240.0
"""How long everything may take to come to rest once all is well again."""
REPLAY_S = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for."""

    minutes: float
    seed: int
    rate: float
    """New requests a second."""
    server: str | None
    """URL of a PostgreSQL server; None: SQLite."""

    @property
    def length_s(self) -> float:
        return self.minutes * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Everyone who takes part."""

    plan: Plan
    folder: Path
    book: Book
    receiver: Receiver
    senders: Senders
    sending: redis.Redis
    troubles: Troubles
    shown: Board

    @property
    def ground(self) -> Ground:
        return self.troubles.ground

    def run(self, stopping: threading.Event) -> Result:
        """Go through all of it; when asked to stop, count what there is."""
        app = self.ground.site.app
        actions.import_directory(app, load.directory(), who="drill")
        began_at = app.store.read(moment)
        self._announce()
        with self.receiver.reading():
            with self.senders.sending(self.sending, app.requests_stream):
                self._meet_trouble(stopping)
                settled_s = self._wait("waiting until all rests", self._rests, SETTLE_S, stopping)
            missed = self._replay(began_at, stopping)
        return self._result(settled_s, missed, stopped=stopping.is_set())

    def _announce(self) -> None:
        planned = self.troubles.schedule
        log.info(
            "drill.planned",
            seed=self.plan.seed,
            faults=digest(planned),
            schedule=[str(one) for one in planned],
        )

    # ---- Trouble, and what comes after it --------------------------------------------------------

    def _meet_trouble(self, stopping: threading.Event) -> None:
        """Let trouble come in a thread of its own, put all right, and end the load."""
        with ThreadPoolExecutor(1, thread_name_prefix="trouble") as pool:
            trouble = pool.submit(self._trouble, stopping)
            while not trouble.done():
                self._look("trouble")
                threading.Event().wait(LOOK_S)
            trouble.result()

    def _trouble(self, stopping: threading.Event) -> None:
        try:
            self.troubles.run(self.plan.length_s, stopping)
        finally:
            self.senders.cease()
            self.troubles.heal()

    def _replay(self, since: datetime, stopping: threading.Event) -> int:
        """Have every event published again; give how many the receiver had not had before."""
        if stopping.is_set():
            return 0
        before = len(self.receiver.seen)
        actions.replay_events(self.ground.site.app, since, who="drill")
        self._wait("waiting for the replay of all events", self._heard, REPLAY_S, stopping)
        return len(self.receiver.seen) - before

    def _wait(
        self, phase: str, check: Callable[[], bool], limit_s: float, stopping: threading.Event
    ) -> float | None:
        """Look until it is so; give the seconds it took, None when it is not so in time."""
        began, words = time.monotonic(), f"{phase}, {limit_s:.0f} s at most"
        while (passed_s := time.monotonic() - began) < limit_s:
            self._look(words)
            if check():
                return passed_s
            if stopping.wait(LOOK_S):
                return None
        return None

    def _rests(self) -> bool:
        """Whether all is acknowledged, ended and told, and the receiver has read it."""
        return not self.book.open() and self._ask(audit.unsettled) == 0 and self._heard()

    def _heard(self) -> bool:
        return self._ask(outbox.unpublished) == 0 and self.receiver.at_end()

    def _ask(self, query: Callable[[Connection], int]) -> int | None:
        """Give what the database says; None while it is away."""
        try:
            return self.ground.site.app.store.read(query)
        except DatabaseError:
            return None

    def _look(self, phase: str) -> None:
        """See who was rescued, and show where everything stands."""
        self.ground.rescues.look()
        try:
            states = self.ground.site.app.store.read(views.counts)
        except DatabaseError:
            states = {}
        sent = self.book.sent()
        acknowledged = sum(one.acknowledged_at is not None for one in sent.values())
        standing = Standing(phase, self.troubles.on(), len(sent), acknowledged, states)
        self.shown.show(standing)

    # ---- The end ---------------------------------------------------------------------------------

    def _result(self, settled_s: float | None, missed: int, *, stopped: bool) -> Result:
        ground, app = self.ground, self.ground.site.app
        seen = Evidence(
            sent=self.book.sent(),
            ledger=evidence.ledger(app.store),
            portals=evidence.portals(ground.portals),
            heard=Heard(seen=self.receiver.seen, altered=self.receiver.altered),
            met=self.troubles.met,
            hands=ground.rescues.hands,
            whole=not stopped,
        )
        return Result(
            seed=self.plan.seed,
            minutes=self.plan.minutes,
            rate=self.plan.rate,
            database=ground.database.kind,
            schedule=self.troubles.schedule,
            met=self.troubles.met,
            count=count(seen, app.limits),
            rescues=ground.rescues.done,
            never_taken_up=ground.rescues.open(),
            settled_s=settled_s,
            events_missed=missed,
            ended=list(_ended(ground.site.log, ground.killed, self.troubles)),
            folder=str(self.folder),
            stopped=stopped,
        )


def _ended(events: Path, killed: Collection[int], troubles: Troubles) -> Iterator[str]:
    """Read in the event log which processes ended though nobody had killed them."""
    with events.open("rb") as lines:
        ended = [orjson.loads(line) for line in lines if b"process.ended" in line]
    for one in ended:
        if one["pid"] not in killed:
            at = datetime.fromisoformat(one["at"]).timestamp()
            beside = sorted({met.trouble.kind for met in troubles.met if met.overlaps(at - 1, at)})
            yield f"{one['program']}, status {one['status']}; beside: {', '.join(beside)}"
