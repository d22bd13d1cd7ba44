"""Keeps programs running: starts them, starts again what ends, and stops all, highest layer first.

One thread starts and stops everything; it sleeps until a child ends, a pause is over, or someone
asks for something. Never reads what the children write.
"""

from __future__ import annotations

import heapq
import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from ops.child import Child, Program, start

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient the supervisor is; seconds."""

    pauses_s: Sequence[float] = (0.0, 0.5, 1.0, 2.0, 5.0)
    """Before the first, second … start again of a program that does not live long."""
    long_life_s: float = 30.0
    """After such a life the pauses begin anew."""
    grace_s: float = 10.0
    """Between asking a child to stop and ending it."""


@dataclass(frozen=True, slots=True)
class _Ended:
    child: Child
    status: int


@dataclass(slots=True)
class _Post:
    """A program's place: who fills it now, since when, and how often it fell empty in a row."""

    program: Program
    child: Child | None = None
    since: float = 0.0
    falls: int = 0


_Wish = Program | _Ended | None
"""Something to start, something that ended, or None: stop everything."""


@dataclass(slots=True)
class _Desk:
    """What the supervisor's thread works on."""

    posts: dict[str, _Post] = field(default_factory=dict)
    pauses: list[tuple[float, str]] = field(default_factory=list)


class Supervisor:
    """Runs programs from `launch` until `stop`."""

    def __init__(self, log_file: Path, manners: Manners | None = None) -> None:
        self._log_file = log_file
        self._manners = manners or Manners()
        self._wishes: queue.SimpleQueue[_Wish] = queue.SimpleQueue()
        self._desk = _Desk()
        self._thread = threading.Thread(target=self._run, name="supervisor")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def launch(self, program: Program) -> None:
        """Keep this program running from now on."""
        self._wishes.put(program)

    def stop(self) -> None:
        """Stop every program; give back only when all have ended."""
        self._wishes.put(None)
        self._thread.join()

    def pids(self) -> dict[str, int]:
        """Say which process runs each program at this moment."""
        posts = list(self._desk.posts.values())
        return {post.program.name: post.child.pid for post in posts if post.child is not None}

    # ---- In the supervisor's own thread ----------------------------------------------------------

    def _run(self) -> None:
        while (wish := self._next()) is not None:
            if isinstance(wish, Program):
                self._desk.posts[wish.name] = _Post(wish)
                self._start(wish.name)
            else:
                self._replace(wish)
        for layer in sorted({post.program.layer for post in self._desk.posts.values()})[::-1]:
            self._stop_layer(layer)

    def _next(self) -> _Wish:
        """Wait for the next wish; meanwhile start whatever has paused long enough."""
        while True:
            pauses = self._desk.pauses
            left = None if not pauses else max(0.0, pauses[0][0] - time.monotonic())
            try:
                return self._wishes.get(timeout=left)
            except queue.Empty:
                self._start(heapq.heappop(pauses)[1])

    def _start(self, name: str) -> None:
        post = self._desk.posts[name]
        try:
            post.child = start(post.program, self._log_file)
        except OSError as error:
            log.error("process.not_started", program=name, error=str(error))  # noqa: TRY400 (said)
            self._pause(post)
            return
        post.since = time.monotonic()
        log.info("process.started", program=name, pid=post.child.pid)
        threading.Thread(target=self._await, args=(post.child,), name=name, daemon=True).start()

    def _await(self, child: Child) -> None:
        """Wait for one child's end, in a thread of its own."""
        self._wishes.put(_Ended(child, child.wait()))

    def _replace(self, ended: _Ended) -> None:
        post = self._desk.posts[ended.child.program.name]
        post.child = None
        lived = time.monotonic() - post.since
        if lived >= self._manners.long_life_s:
            post.falls = 0
        pause = self._pause(post)
        log.warning(
            "process.ended",
            program=post.program.name,
            pid=ended.child.pid,
            status=ended.status,
            lived_s=round(lived, 1),
            starts_in_s=pause,
        )

    def _pause(self, post: _Post) -> float:
        pauses = self._manners.pauses_s
        pause = pauses[min(post.falls, len(pauses) - 1)]
        post.falls += 1
        heapq.heappush(self._desk.pauses, (time.monotonic() + pause, post.program.name))
        return pause

    def _stop_layer(self, layer: int) -> None:
        """Ask everything on the layer to stop, wait for it, and insist when the grace is over."""
        posts = [post for post in self._desk.posts.values() if post.program.layer == layer]
        for post in posts:
            if post.child is not None:
                post.child.ask_to_stop()
        until = time.monotonic() + self._manners.grace_s
        while any(post.child is not None for post in posts):
            try:
                wish = self._wishes.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                self._insist(posts)
                until = time.monotonic() + self._manners.grace_s
                continue
            if isinstance(wish, _Ended):
                self._desk.posts[wish.child.program.name].child = None
                log.info("process.stopped", program=wish.child.program.name, status=wish.status)

    def _insist(self, posts: Sequence[_Post]) -> None:
        for post in posts:
            if post.child is not None:
                log.warning("process.killed", program=post.program.name, pid=post.child.pid)
                post.child.kill()
