"""B2: Redis is stopped and started again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ops import embedded
from ops.child import Child, start
from tests.driving import parsed
from tests.faults.loops import loops
from tests.faults.processes import processes, until
from tests.faults.world import World, samples
from workers.record import record

KINDS = ("intake", "worker", "clock")
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(slots=True)
class Server:
    """The embedded server, its data on disk."""

    var: Path
    child: Child | None = None

    @property
    def socket(self) -> Path:
        return self.var / "redis" / "v.sock"

    def start(self) -> None:
        self.child = start(embedded.program(self.var, self.socket), self.var / "log")
        until(lambda: embedded.answers(self.socket), "the server does not come up")

    def stop(self) -> None:
        if self.child is not None:
            self.child.ask_to_stop()
            self.child.wait()
            self.child = None

    def stay_away(self, seconds: float) -> None:
        """Be gone for so long; the outage is what it is about, so it is waited for."""
        self.stop()
        threading.Event().wait(seconds)
        self.start()


@pytest.fixture
def server(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server for this world alone."""
    found = Server(tmp_path_factory.mktemp("v"))
    found.start()
    world.redis_url = f"unix://{found.socket}"
    yield found
    found.stop()


def rest(world: World, number: int) -> bool:
    """Whether so many requests are filed and every invariant holds."""
    states = list(world.states().values())
    return states == ["submitted"] * number and world.broken() == []


def test_a_second_without_redis(world: World, server: Server) -> None:
    """B2: the loops go on where they were, and no thread of theirs has ended."""
    with loops(world), world.app() as door:
        world.send("before", samples()["plain"])
        server.stop()
        record(door, "test", parsed(samples()["plain"], "meanwhile"))
        server.stay_away(1)
        world.send("after", samples()["plain"])

        until(lambda: rest(world, 3), "not all is done")


def outlast(world: World, server: Server, seconds: float) -> None:
    """Have real processes live through an outage, and see that they work afterwards."""
    with processes(world, *KINDS, concurrency=2, rehint_s=1) as run, world.app() as door:
        world.send("before", samples()["plain"])
        run.until_logged("request.decided")
        server.stop()
        record(door, "test", parsed(samples()["plain"], "meanwhile"))
        server.stay_away(seconds)
        world.send("after", samples()["plain"])

        until(lambda: rest(world, 3), "not all is done")
        run.until_logged("intake.away", process="intake")
        run.until_logged("clock.away", process="clock")
        assert run.events("thread.broke") == []
        alive = {kind: run.pid(kind) for kind in KINDS}
        world.send("at last", samples()["plain"])
        until(lambda: rest(world, 4), "the processes work no more")
        assert alive == {kind: run.pid(kind) for kind in KINDS}


@SQLITE
def test_twelve_seconds_without_redis(world: World, server: Server) -> None:
    """B2: real processes outlast what is longer than any of their time limits."""
    outlast(world, server, 12)


@pytest.mark.nightly
def test_a_minute_and_a_half_without_redis(world: World, server: Server) -> None:
    """B2: the same for longer than a minute, in which many a client gives up."""
    outlast(world, server, 90)
