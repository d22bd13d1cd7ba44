"""A process that does everything, one step after the other: it may die at a fail-point.

Each life is a process of its own (from a fork server that has the imports ready); what it leaves
is in the database, in Redis and at the portals alone.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing.context import ForkServerContext

from adapters.outbound.stream import EventStream
from config import logs
from tests.faults.world import World
from workers.actors import STEPS
from workers.app import App
from workers.broker import HintConsumer
from workers.deliver import Deliverer
from workers.listeners.stream import StreamListener
from workers.publish import publish
from workers.route import route
from workers.sweep import ALL_QUEUES, sweep

ROUNDS = 40
LONGEST_S = 60
HEAVY = ("adapters.portals.azure.client", "adapters.portals.azure.credentials", "tests.faults.warm")
SOON_S = 0.002


def live(world: World, failpoint: str = "") -> int:
    """Run one life until nothing is left to do, or it dies; give its exit status."""
    process = context().Process(target=_life, args=(world, failpoint))
    process.start()
    process.join(LONGEST_S)
    assert process.exitcode is not None, "a life that does not end"
    return process.exitcode


def context() -> ForkServerContext:
    """Give what starts processes that have the imports ready."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.lives", *HEAVY])
    return context


def _life(world: World, failpoint: str) -> None:
    os.environ["FAILPOINT"] = failpoint  # noqa: TID251  (what the process is told)
    logs.configure(style="json", level="error", process="life", stream=sys.stderr)
    with world.app() as app:
        lead(app, world)


def lead(app: App, world: World, *, away: tuple[type[Exception], ...] = ()) -> None:
    """Do what there is to do, one step after the other, until nothing is left.

    An error that says that a server is `away` ends a work's turn, as in the real loops.
    """
    app.broker.idle_s = SOON_S
    listener = StreamListener(app, abandoned_after_s=0, block_ms=1)
    stream, deliverer = EventStream(app.redis, app.events_stream), Deliverer(app)
    works: tuple[Callable[[], int], ...] = (
        lambda: not listener.round(),
        lambda: len(list(follow_hints(app))),
        lambda: sweep(app),
        lambda: publish(app, stream),
        lambda: route(app),
        lambda: carry(deliverer),
    )
    for _ in range(ROUNDS):
        busy = [_turn(work, away) for work in works]
        if not any(busy):
            return
        world.time_passes()
    raise AssertionError("still busy after many rounds")


def carry(deliverer: Deliverer) -> int:
    """Carry what is due, to the end."""
    begun = deliverer.round()
    deliverer.until_idle()
    return begun


def _turn(work: Callable[[], int], away: tuple[type[Exception], ...]) -> int:
    """Give whether there was something to do, or will be."""
    try:
        return work()
    except away:
        return 1


def follow_hints(app: App) -> Iterator[str]:
    """Follow every hint there is; give the requests."""
    for queue in ALL_QUEUES:
        consumer = app.broker.consume(queue)
        assert isinstance(consumer, HintConsumer)
        while app.broker.depth(queue):
            message = next(consumer)
            assert message is not None
            (request,) = message.args
            STEPS[queue](app, request)
            consumer.ack(message)
            yield request
