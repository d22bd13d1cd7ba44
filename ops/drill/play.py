"""`toritsugi drill`: load and trouble on the embedded set, then the count of what became of it.

Runs in a folder of its own, on a database of its own, with default settings whatever is set here,
so that two drills compare. Touches nothing of anyone's.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import redis

from ledger import scratch
from ledger.scratch import Scratch
from ledger.store import DatabaseError
from ops.drill import report
from ops.drill.board import Board, board
from ops.drill.course import Course, Plan
from ops.drill.receiver import Receiver
from ops.drill.rescue import Rescues
from ops.drill.schedule import schedule
from ops.drill.senders import Book, Senders
from ops.drill.trouble import Ground
from ops.drill.troubles import Troubles
from ops.event_log import logging_to_file
from ops.output import console, json_of, tell, whole
from ops.problem import Problem, bad_input
from ops.site import Site, running
from ops.waiting import STOPPED, stop_signals
from workers import bootstrap
from workers.bootstrap import Settings

DOUBLED = ("worker", "clock", "intake")
"""So that there is somebody to take up what another leaves."""
LATENCY_S = 0.4
"""Of the portals: so that there is always something in a worker's hands."""
ANSWER_S = 2.0
"""How long senders, receiver and trouble wait for Redis."""


def play(plan: Plan, *, as_json: bool) -> int:
    """Drill; 0 only if nothing was lost, nothing came twice and nothing is unexplained."""
    kind = "sqlite" if plan.server is None else "postgresql"
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{plan.seed}-{kind}"
    folder = bootstrap.read_settings().var / "drill" / name
    folder.mkdir(parents=True)
    with stop_signals() as stopping, _database(plan, folder) as database:
        if not as_json:
            words = f"seed {plan.seed}, {plan.minutes:g} min on {database.kind}, everything in"
            console().print(whole(words, folder))
        settings = _settings(folder, database)
        with (
            logging_to_file(settings, "supervisor"),
            _running(settings, stopping) as site,
            board(quiet=as_json) as shown,
            _course(site, database, folder, plan, shown) as course,
        ):
            found = course.run(stopping)
    answer = report.answer(found)
    (folder / "result.json").write_text(json_of(answer.document), encoding="utf-8")
    status = tell(answer, as_json=as_json)
    return STOPPED if found.stopped else status


def _running(settings: Settings, stopping: threading.Event) -> AbstractContextManager[Site]:
    return running(settings, stopping, simulated=True, latency_s=LATENCY_S, doubled=DOUBLED)


@contextmanager
def _database(plan: Plan, folder: Path) -> Iterator[Scratch]:
    if plan.server is None:
        yield scratch.in_folder(folder)
        return
    if not plan.server.startswith("postgres"):
        raise bad_input("--database: name a PostgreSQL server; without it the drill is on SQLite")
    with ExitStack() as stack:
        try:
            found = stack.enter_context(scratch.on_server(plan.server, "drill"))
        except ValueError:  # its words quote the password
            words = (
                "write postgresql://user:password@host:port, and % / @ in a password as %25 %2F %40"
            )
            raise bad_input(f"--database: {words}") from None
        except DatabaseError as error:
            raise Problem(f"--database: no database can be made there: {error}") from None
        yield found


def _settings(folder: Path, database: Scratch) -> Settings:
    """Take the defaults, and places of our own."""
    defaults = {name: field.get_default() for name, field in Settings.model_fields.items()}
    own = {"var": folder, "http_port": 0, "database_url": database.url}
    return bootstrap.read_settings(**{**defaults, **own})


@contextmanager
def _course(
    site: Site, database: Scratch, folder: Path, plan: Plan, shown: Board
) -> Iterator[Course]:
    """Give senders, receiver and trouble a connection to Redis of their own each."""
    url = bootstrap.redis_url(site.settings)
    with ExitStack() as stack:
        book = stack.enter_context(closing(Book(folder / "attempted.jsonl")))
        sending, receiving, troubling = (
            stack.enter_context(redis.Redis.from_url(url, socket_timeout=ANSWER_S))
            for _ in range(3)
        )
        receiver = Receiver(receiving, site.app.events_stream, folder / "events.jsonl")
        ground = Ground(site, database, troubling, Rescues(site.app.store))
        yield Course(
            plan=plan,
            folder=folder,
            book=book,
            receiver=receiver,
            senders=Senders(book, receiver, http_url=site.http_url, rate=plan.rate),
            sending=sending,
            troubles=Troubles(ground, schedule(plan.seed, plan.length_s), shown.tell),
            shown=shown,
        )
