"""A process that does everything, one step after the other: it may die at a fail-point.

Each life is a process of its own (from a fork server that has the imports ready); what it leaves
is in the database, in Redis and at the portals alone.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext

from adapters.outbound.stream import EventStream
from config import logs
from tests.faults.world import World
from workers.actors import STEPS
from workers.app import App
from workers.bootstrap import build, embedded, read_settings
from workers.broker import HintConsumer
from workers.listeners.stream import StreamListener
from workers.publish import publish
from workers.sweep import ALL_QUEUES, sweep

ROUNDS = 40
LONGEST_S = 60
HEAVY = ("adapters.portals.azure.client", "adapters.portals.azure.credentials", "ledger.schema")
SOON_S = 0.002


def live(world: World, failpoint: str = "") -> int:
    """Run one life until nothing is left to do, or it dies; give its exit status."""
    process = _context().Process(target=_life, args=(world, failpoint))
    process.start()
    process.join(LONGEST_S)
    assert process.exitcode is not None, "a life that does not end"
    return process.exitcode


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.lives", *HEAVY])
    return context


def _life(world: World, failpoint: str) -> None:
    os.environ["FAILPOINT"] = failpoint  # noqa: TID251  (what the process is told)
    logs.configure(style="json", level="error", process="life", stream=sys.stderr)
    app = one_life(world)
    app.broker.idle_s = SOON_S
    listener = StreamListener(app, abandoned_after_s=0, block_ms=1)
    stream = EventStream(app.redis, app.events_stream)
    for _ in range(ROUNDS):
        listener.round()
        done = list(_hinted(app)) or sweep(app)
        published = publish(app, stream)
        if not done and not published:
            break
        world.time_passes()
    else:
        raise AssertionError("still busy after many rounds")
    app.close()


def one_life(world: World) -> App:
    """Put together what a process works with."""
    settings = embedded(read_settings(**world.settings()), sandbox_port=world.sandbox_port)
    return build(settings, "life", files=True)


def _hinted(app: App) -> Iterator[str]:
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
