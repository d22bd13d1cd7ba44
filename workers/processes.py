"""The kinds of process, as the Procfile names them; any of them may run many times.

Each runs until told to stop and gives its exit status; one that finds itself broken ends with a
status other than 0, and whoever supervises it starts it anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import redis
import structlog
from dramatiq import Worker

from adapters.outbound.stream import EventStream
from adapters.rabbit.place import RabbitAway
from ledger import requests
from ledger.store import DatabaseError
from workers import actors
from workers.app import App
from workers.broker import assert_middleware
from workers.deliver import Deliverer
from workers.expire import expire
from workers.listeners.stream import StreamListener
from workers.publish import BY_EXCHANGE, BY_STREAM, publish, resign
from workers.route import route
from workers.step import hand_back
from workers.sweep import ALL_QUEUES, sweep
from workers.trim import Trimmer

if TYPE_CHECKING:
    from adapters.outbound.exchange import EventExchange

log = structlog.get_logger()

BROKEN = 70
WATCH_S = 1.0
EXPIRE_S = 60.0
TRIM_S = 60.0
DELIVER_S = 0.5


def web(app: App, stopping: threading.Event) -> int:
    """Answer HTTP."""
    # No other process needs the framework.
    from workers.listeners.http.serving import serve  # noqa: PLC0415

    return serve(app, stopping)


def intake(app: App, stopping: threading.Event) -> int:
    """Listen on the streams of requests and, where there are such, on a queue and at a mailbox."""
    listeners = {"stream": StreamListener(app).run}
    if app.rabbit is not None:
        # No other process needs the library.
        from workers.listeners.queue import QueueListener  # noqa: PLC0415

        listeners["queue"] = QueueListener(app, app.rabbit).run
    if app.letterbox is not None:
        # As above.
        from workers.listeners.mailbox import MailboxListener  # noqa: PLC0415

        listeners["mailbox"] = MailboxListener(app, app.letterbox).run
    return _together({name: partial(run, stopping) for name, run in listeners.items()}, stopping)


def clock(app: App, stopping: threading.Event) -> int:
    """Sweep, publish, deliver, expire promises, each at its own pace; if one breaks, all end.

    A receiver that is slow holds up nothing else: deliveries are carried by threads of their own.
    """
    deliverer = Deliverer(app)
    exchange = exchange_of(app)
    works: dict[str, tuple[float, Callable[[], int]]] = {
        **outlets(app, exchange),
        "sweep": (app.limits.sweep_s, lambda: sweep(app)),
        "route": (app.limits.publish_s, lambda: route(app)),
        "deliver": (DELIVER_S, deliverer.round),
        "expire": (EXPIRE_S, lambda: expire(app)),
        "trim": (TRIM_S, Trimmer(app).round),
    }
    status = _together({name: partial(_repeat, *works[name], stopping) for name in works}, stopping)
    if exchange is not None:
        exchange.close()
    if status == 0:
        deliverer.close()
        resign(app)
    return status


def _together(works: Mapping[str, Callable[[], None]], stopping: threading.Event) -> int:
    """Do each work in a thread of its own; if one ends before it is told to, give `BROKEN`."""
    ended = threading.Event()

    def run(name: str) -> None:
        try:
            works[name]()
        except Exception:
            log.exception("process.broke", work=name)
        finally:
            ended.set()

    threads = [threading.Thread(target=run, args=(name,), name=name, daemon=True) for name in works]
    for thread in threads:
        thread.start()
    ended.wait()
    if not stopping.is_set():
        return BROKEN
    for thread in threads:
        thread.join()
    return 0


def exchange_of(app: App) -> EventExchange | None:
    """Give the exchange that events go to; None without RabbitMQ."""
    if app.rabbit is None:
        return None
    from adapters.outbound.exchange import EventExchange  # noqa: PLC0415  (heavy, rarely used)

    return EventExchange(app.rabbit, app.events_exchange, app.events_queue)


def outlets(app: App, exchange: EventExchange | None) -> dict[str, tuple[float, Callable[[], int]]]:
    """Give what carries events out: to the stream, and to the exchange if there is one.

    Without it the stream's marks stand for both: set up later, it gets no old events.
    """
    stream = EventStream(app.redis, app.events_stream)
    if exchange is None:
        return {"publish": (app.limits.publish_s, lambda: publish(app, stream))}
    return {
        "publish": (app.limits.publish_s, lambda: publish(app, stream, BY_STREAM)),
        "exchange": (app.limits.publish_s, lambda: publish(app, exchange, BY_EXCHANGE)),
    }


def _repeat(pause_s: float, work: Callable[[], int], stopping: threading.Event) -> None:
    """Do the work again and again, at once while there is more of it; errors wait a second."""
    while not stopping.is_set():
        try:
            if work():
                continue
        except (DatabaseError, redis.RedisError, RabbitAway) as error:
            log.warning("clock.away", error=type(error).__name__)
            stopping.wait(1)
        stopping.wait(pause_s)


def worker(app: App, stopping: threading.Event) -> int:
    """Decide and file: one dramatiq worker over all queues, watched."""
    actors.declare(app)
    assert_middleware(app.broker)
    running = Worker(
        app.broker,
        worker_threads=app.limits.concurrency * len(ALL_QUEUES),
        worker_timeout=round(app.broker.idle_s * 1000),
    )
    running.start()
    status = watch(app, running, stopping)
    if status == 0:
        running.stop(timeout=30_000)
    return status


def watch(app: App, running: Worker, stopping: threading.Event) -> int:
    """Renew leases until told to stop; give `BROKEN` as soon as a thread is dead or hangs."""
    while not stopping.wait(WATCH_S):
        if found := _broken(app, running):
            log.critical("worker.broken", **found)
            return BROKEN
        renew(app)
    return 0


def _broken(app: App, running: Worker) -> dict[str, list[str]]:
    """Give what is wrong with this process's threads; dramatiq itself does not look."""
    threads = [*running.consumers.values(), *running.workers]
    found = {
        "dead": [thread.name for thread in threads if not thread.is_alive()],
        "silent": app.broker.silent(),
        "hung": app.holdings.hung(),
    }
    return {what: names for what, names in found.items() if names}


def renew(app: App) -> None:
    """Put off the end of the leases held here, long before they lapse; hand back what is owed."""
    for claim in app.holdings.owed():
        hand_back(app, claim)
    held = app.holdings.now()
    if not held:
        return
    try:
        app.store.write(lambda db: requests.renew(db, app.owner, held, app.limits.lease_s))
    except DatabaseError as error:
        log.warning("leases.not_renewed", error=type(error).__name__)


PROCESSES: dict[str, Callable[[App, threading.Event], int]] = {
    "web": web,
    "intake": intake,
    "worker": worker,
    "clock": clock,
}
