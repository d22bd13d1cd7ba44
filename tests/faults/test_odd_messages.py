"""B6: what nobody can read lies among the hints and among the requests."""

from __future__ import annotations

from typing import Any

import dramatiq
import orjson
import pytest
import redis
from sqlalchemy import create_engine, text

from contracts.ids import request_id
from tests.driving import SOURCE, event
from tests.faults.loops import QUICK, loops
from tests.faults.processes import until
from tests.faults.world import REQUESTS, World, samples

MEBIBYTE = 1_048_576
EACH = QUICK["concurrency"] + 1
"""One more than a queue has in hand at a time: a place that is not given back shows."""
NOBODY = request_id(SOURCE, "nobody")


def hint(*args: Any, **fields: Any) -> bytes:
    """Give a hint for the deciding workers, but for what is said."""
    message = dramatiq.Message[object](
        queue_name="assess", actor_name="assess", args=args, kwargs={}, options={}
    )
    return orjson.dumps({**message.asdict(), "args": args, **fields})


HINTS = {
    "bytes": b"\xff\x00 no hint",
    "five mebibytes": b"x" * (5 * MEBIBYTE),
    "five mebibytes of a hint": hint("x" * (5 * MEBIBYTE)),
    "nested": b"[" * 100_000,
    "unknown actor": hint(NOBODY, actor_name="nobody"),
    "unknown queue": hint(NOBODY, queue_name="nowhere"),
    "another actor": hint(NOBODY, actor_name="azure"),
    "an actor that is a list": hint(NOBODY, actor_name=["assess"]),
    "two requests": hint(NOBODY, NOBODY),
    "no request": hint(),
    "a request that is an object": hint({"request": NOBODY}),
    "named arguments": hint(NOBODY, kwargs={"why": "so"}),
    "delayed, as dramatiq does": hint(NOBODY, options={"eta": 99_999_999_999_999}),
    "delayed for nobody knows how long": hint(NOBODY, options={"eta": "soon"}),
    "an option that ends a thread": hint(1, 2, options={"throws": "anything"}),
    "options that are none": hint(NOBODY, options=None),
    "version 0": orjson.dumps({"v": 0, "request": NOBODY}),
}
MESSAGES: dict[str, tuple[dict[str, bytes], str]] = {
    "bytes": ({"event": b"\xff\x00"}, "not_json"),
    "five mebibytes": ({"event": b"x" * (5 * MEBIBYTE)}, "too_large"),
    "nested": ({"event": b"[" * 100_000}, "not_json"),
    "no event": ({"message": b"{}"}, "not_json"),
    "version 0": (
        {"event": event(samples()["plain"], "old", type="toritsugi.request.v0")},
        "unknown_type",
    ),
}
"""What is sent, and what quarantine says of it."""


def test_unreadable_hints_are_dropped(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """B6: each leaves a line in the log and nothing else; the hints beside it are followed."""
    for number in range(len(HINTS)):
        world.send(f"{number}", samples()["plain"])
    with redis.Redis.from_url(world.redis_url) as client:
        for number, poison in enumerate(HINTS.values()):
            client.rpush("toritsugi:hints:assess", *[poison] * EACH)
            client.rpush("toritsugi:hints:assess", hint(request_id(SOURCE, f"{number}")))
        with loops(world):
            until(lambda: client.llen("toritsugi:hints:assess") == 0, "hints are left lying")
            until(lambda: set(world.states().values()) == {"submitted"}, "a neighbour waits")
            until(lambda: world.broken() == [], "an invariant does not hold")

    dropped = [one for one in caplog.messages if "hint.unreadable" in one]
    assert len(dropped) == EACH * len(HINTS)


def test_unreadable_messages_go_into_quarantine(world: World) -> None:
    """B6: each is kept under what is wrong with it and answered; its neighbours are done."""
    with redis.Redis.from_url(world.redis_url) as client:
        for name, (fields, _) in MESSAGES.items():
            client.xadd(REQUESTS, dict(fields))
            world.send(name, samples()["plain"])
        with loops(world):
            until(lambda: len(world.states()) == len(MESSAGES), "a neighbour is not let in")
            until(lambda: world.broken() == [], "an invariant does not hold")
        assert client.xlen(REQUESTS) == 0

    assert set(world.states().values()) == {"submitted"}
    assert sorted(quarantined(world)) == sorted(code for _, code in MESSAGES.values())
    told = [orjson.loads(body)["type"] for body in world.received]
    assert told.count("toritsugi.message.unreadable.v1") == len(MESSAGES)


def quarantined(world: World) -> list[str]:
    """Give what is wrong with each message that is kept."""
    engine = create_engine(world.database_url)
    with engine.connect() as db:
        found = [str(code) for code in db.execute(text("SELECT code FROM quarantine")).scalars()]
    engine.dispose()
    return found
