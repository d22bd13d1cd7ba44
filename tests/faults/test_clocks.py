"""T1: wall clocks are wrong, or are set while work is under way."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
import redis

from contracts.ids import request_id
from ledger.clock import Instant
from ledger.tables import metadata
from tests.conftest import missing
from tests.driving import SOURCE
from tests.faults.processes import Processes, processes, until
from tests.faults.world import ENDS, FAULTS, World, samples
from workers.sweep import ALL_QUEUES

FAKED = Path(__file__).with_name("faked")
PLAIN = samples()["plain"]
SKEWS = {"+2m": 120, "-2m": -120, "+1d": 86_400, "-1d": -86_400}
MORE = 12
NEAR_S = 50
BY_DATE = {
    "portal": "onprem",
    "operation": "create",
    "match": PLAIN["title"],
    "fault": {"status": 429, "retry_after": {"date": 1}},
}
NOT_OURS = {"due_at", "until", "lease_until", "first_response_due"}
"""Moments that lie ahead, or that a portal named."""


@pytest.fixture(scope="session")
def faketime() -> dict[str, str]:
    """Give the variables that make a process's wall clock false, and no other clock of it."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        missing("libfaketime (Debian: apt-get install faketime)")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "PYTHONPATH": str(FAKED),
    }


def seconds(text: str) -> float:
    """Read a moment of a log or an event."""
    return datetime.fromisoformat(text).timestamp()


# ---- Workers whose clocks differ from the database's ---------------------------------------------


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
def test_no_clock_but_the_databases_decides(world: World, faketime: dict[str, str]) -> None:
    """T1: minutes and days ahead and behind, all at once; every moment is the database's."""
    for rule in (BY_DATE, *FAULTS):
        world.fault(**rule)
    with processes(world, concurrency=2, rehint_s=1, lease_s=3) as run:
        run.start("intake", FAKETIME="+1d", **faketime)
        run.start("clock", FAKETIME="-1d", **faketime)
        for skew in SKEWS:
            run.start(f"worker {skew}", "worker", FAKETIME=skew, **faketime)
        until(lambda: waiting(world) >= len(SKEWS) * len(ALL_QUEUES), "a worker does not start")
        for number in range(MORE):
            world.send(f"more {number}", samples()["refused"])
        for sender_id, data in samples().items():
            world.send(sender_id, data)
        more = {f"more {number}": "rejected" for number in range(MORE)}
        until(lambda: world.states() == {**ENDS, **more}, "the samples do not come to rest")
        until(lambda: world.broken() == [], "an invariant does not hold")
        assert run.events("step.fenced") == []
        assert skews(run) == set(SKEWS), "a worker did nothing, or had the right time"
    assert elsewhere(world) == []


def waiting(world: World) -> int:
    """Give how many consumers wait for a hint."""
    with redis.Redis.from_url(world.redis_url) as client:
        return sum(one["cmd"] == "blpop" for one in client.client_list())


def skews(run: Processes) -> set[str]:
    """Give the clocks by which workers have written into the log."""
    ahead = [seconds(one["at"]) - time.time() for one in run.events("request.decided")]
    return {skew for skew, by in SKEWS.items() if any(abs(one - by) < NEAR_S for one in ahead)}


def elsewhere(world: World) -> list[str]:
    """Give the columns and events with a moment that is not about now."""
    now_ms = round(time.time() * 1000)
    columns = [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Instant)
        and column.name not in NOT_OURS
        and world.count(
            f"SELECT count(*) FROM {table.name} "
            f"WHERE abs({column.name} - {now_ms}) > {NEAR_S * 1000}"
        )
    ]
    told = [orjson.loads(body) for body in world.received]
    return columns + [one["id"] for one in told if abs(seconds(one["time"]) - time.time()) > NEAR_S]


# ---- A machine whose clock is set ----------------------------------------------------------------

MOMENTS = {
    "into the leap day": datetime(2028, 2, 28, 22, 59, 59, tzinfo=UTC),
    "over the hour that is left out": datetime(2028, 3, 26, 0, 59, 59, tzinfo=UTC),
    "into the hour that comes twice": datetime(2028, 10, 29, 0, 59, 59, tzinfo=UTC),
    "two minutes back": datetime(2028, 10, 29, 0, 57, 59, tzinfo=UTC),
    "a day back": datetime(2028, 10, 28, 0, 57, 59, tzinfo=UTC),
    "right again": datetime(2028, 10, 29, 1, 10, 0, tzinfo=UTC),
}
"""Where the clock is put next, a second before midnight or the change of summer time in Berlin."""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_clock_is_set_in_the_middle_of_work(
    world: World, tmp_path: Path, faketime: dict[str, str]
) -> None:
    """T1: SQLite has no clock but the machine's; whatever it is set to, work goes on, once.

    What waits when the clock is put back waits for so much longer, and no longer.
    """
    dial = tmp_path / "clock"
    dial.write_text("+0")
    false = {**faketime, "FAKETIME_TIMESTAMP_FILE": str(dial), "FAKETIME_NO_CACHE": "1"}
    with processes(world, time_zone="Europe/Berlin", concurrency=2, rehint_s=1, lease_s=3) as run:
        for kind in ("intake", "clock", "worker"):
            run.start(kind, **false)
        for name, moment in MOMENTS.items():
            world.fault(**trouble(f"slow {name}", {"slow": 0.4}))
            world.fault(**trouble(f"lost {name}", "drop_after"))
            world.send(f"lost {name}", {**PLAIN, "title": f"lost {name}"})
            world.send(f"slow {name}", {**PLAIN, "title": f"slow {name}"})
            until(partial(stands, world, f"slow {name}", "submitting"), "it is not filed")
            put(dial, moment)
            until(partial(stands, world, f"slow {name}", "submitted"), f"stuck: {name}")
            request = request_id(SOURCE, f"slow {name}")
            run.until_logged("request.submitted", request=request)
            (done,) = run.events("request.submitted", request=request)
            assert abs(seconds(done["at"]) - moment.timestamp()) < NEAR_S
        until(lambda: set(world.states().values()) == {"submitted"}, "something waits for ever")
        until(lambda: world.broken() == [], "an invariant does not hold")


def stands(world: World, sender_id: str, state: str) -> bool:
    """Whether the request is in this state."""
    return world.states().get(sender_id) == state


def trouble(title: str, fault: Any) -> dict[str, Any]:
    """Give a fault of the portal for one request."""
    return {"portal": "onprem", "operation": "create", "match": title, "fault": fault}


def put(dial: Path, moment: datetime) -> None:
    """Set the clock of all who look at the dial."""
    ahead = dial.with_suffix(".new")
    ahead.write_text(f"{moment.timestamp() - time.time():+.0f}")
    ahead.replace(dial)
