"""Sends a load onto the stream and reads the events back, both as any other system would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from bench.load import Load, Message
from bench.tally import Tally
from ops import event_reader
from ops.problem import Problem
from ops.waiting import STOPPED
from workers.app import App

BATCH = 50
BLOCK_MS = 100
MOST = 1_000
SILENCE_S = 60.0
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Passage:
    """A load that has come through."""

    tally: Tally
    sent_at_ms: dict[str, int]
    """By the Redis server's clock, as the tally's."""
    took_s: float
    """From just before the first XADD until the last submitted event was read back, by ours."""


@dataclass(slots=True)
class Traffic:
    """One reader of the event stream, and whoever sends for it."""

    app: App
    stopping: threading.Event
    rate: float | None = None
    """Requests a second; None sends as fast as the stream takes them."""
    last: str = "0"
    """The last entry read."""
    sent_at_ms: dict[str, int] = field(default_factory=dict)

    def carry(self, load: Load, progress: Progress) -> Passage:
        """Send the load and read until all of it is through; raise `Problem` if it gets stuck."""
        with ThreadPoolExecutor(1, thread_name_prefix="sender") as pool:
            began = time.monotonic()
            sender = pool.submit(self._send, load.messages)
            tally, ended = self._read(load, sender, progress)
        return Passage(tally, self.sent_at_ms, ended - began)

    # ---- Sending ---------------------------------------------------------------------------------

    def _send(self, messages: Sequence[Message]) -> None:
        began, sent, waiting = time.monotonic(), 0, iter(messages)
        while not self.stopping.is_set():
            if self.rate is not None:
                self.stopping.wait(max(0.0, began + sent / self.rate - time.monotonic()))
            batch = list(islice(waiting, BATCH if self.rate is None else 1))
            if not batch:
                return
            self._add(batch)
            sent += len(batch)

    def _add(self, batch: Sequence[Message]) -> None:
        with self.app.redis.pipeline(transaction=False) as pipeline:
            for message in batch:
                pipeline.xadd(self.app.requests_stream, {"event": message.body})
            entries = pipeline.execute()
        for message, entry in zip(batch, entries, strict=True):
            self.sent_at_ms[message.number] = _at_ms(entry.decode())

    # ---- Reading ---------------------------------------------------------------------------------

    def _read(self, load: Load, sender: Future[None], progress: Progress) -> tuple[Tally, float]:
        """Give the tally, and the moment at which the last submitted event was there."""
        tally, wanted = Tally(), len(load.messages)
        heard = ended = time.monotonic()
        while not (tally.complete(wanted, load.deductions) and sender.done()):
            before = tally.submitted()
            if self._take(tally):
                heard = time.monotonic()
            if tally.submitted() > before:
                ended = heard
                progress(tally.submitted())
            self._check(tally, sender, heard)
        return tally, ended

    def _take(self, tally: Tally) -> int:
        app = self.app
        entries = event_reader.read(
            app.redis, app.events_stream, self.last, most=MOST, block_ms=BLOCK_MS
        )
        for entry, body in entries:
            tally.add(_at_ms(entry), body)
            self.last = entry
        return len(entries)

    def _check(self, tally: Tally, sender: Future[None], heard: float) -> None:
        if sender.done():
            sender.result()
        if self.stopping.is_set():
            raise Problem("the benchmark was stopped", status=STOPPED)
        if tally.strays:
            number, words = next(iter(tally.strays.items()))
            raise Problem(f"{number} came to another end: {words}")
        if time.monotonic() - heard > SILENCE_S:
            raise Problem(f"no event for {SILENCE_S:.0f} s, and {tally.submitted()} submitted")


def _at_ms(entry: str) -> int:
    """Give the moment in a stream entry's id."""
    return int(entry.partition("-")[0])
