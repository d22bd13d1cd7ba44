"""P2: somebody else is at the same rows, and PostgreSQL undoes what we did."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from contracts.ids import request_id
from ledger import due
from tests.builders import GOLD
from tests.driving import SOURCE
from tests.faults.lives import lead
from tests.faults.processes import until
from tests.faults.world import World, samples
from workers.actors import STEPS

pytestmark = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
REQUEST = request_id(SOURCE, "1")
LOCK_REQUEST = "UPDATE requests SET updated_at = updated_at WHERE id = %s"
LOCK_CONTRACT = "UPDATE contracts SET balance = balance WHERE id = %s"
CALL_OFF = "UPDATE requests SET state = 'cancelled', due_at = NULL WHERE id = %s"
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE {pid} = ANY(pg_blocking_pids(pid))"
BLOCKING = "SELECT cardinality(pg_blocking_pids({pid}))"


@pytest.fixture(name="rival")
def _rival(world: World) -> Iterator[psycopg.Connection]:
    """Connect somebody who waits as long as it takes."""
    url = make_url(world.database_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as found:
        found.execute("SET deadlock_timeout = '60s'")
        found.commit()
        yield found


def told(world: World, option: str) -> str:
    """Give the database's URL with an option of the server's."""
    url = make_url(world.database_url).update_query_dict({"options": f"-c {option}"})
    return url.render_as_string(hide_password=False)


def test_a_deadlock_is_run_again(world: World, rival: psycopg.Connection, said: list[str]) -> None:
    """P2: 40P01 in the midst of writing an outcome: it is written anew, and once."""
    world.send("1", samples()["plain"])
    waits = BLOCKING.format(pid=rival.info.backend_pid)

    def cross() -> None:
        rival.execute(LOCK_CONTRACT, [GOLD])
        rival.commit()

    crossing = threading.Thread(target=cross)

    def reach(place: str, _request: str = "") -> None:
        if place == "submit.after_call":
            rival.execute(LOCK_REQUEST, [REQUEST])
            event.listen(app.store.engine, "after_cursor_execute", meet)

    def meet(_db: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Let the rival wait for our contract, just before we wait for its request."""
        if statement.startswith("UPDATE contracts") and not crossing.ident:
            crossing.start()
            until(lambda: world.count(waits) > 0, "the rival does not wait")

    with world.app(database_url=told(world, "deadlock_timeout=10")) as app:
        lead(replace(app, reach=reach), world)
    crossing.join()

    assert [one for one in said if "deadlock detected" in one]
    assert world.states() == {"1": "submitted"}
    assert world.broken() == []


def test_a_serialisation_failure_is_run_again(
    world: World, rival: psycopg.Connection, said: list[str]
) -> None:
    """P2: 40001 as a request is claimed: the claim is made anew."""
    world.send("1", samples()["plain"])
    pid = rival.info.backend_pid
    option = "default_transaction_isolation=serializable"
    with world.app(database_url=told(world, option)) as app:
        world.listen(app)
        rival.execute(LOCK_REQUEST, [REQUEST])
        step = threading.Thread(target=STEPS["assess"], args=(app, REQUEST))
        step.start()
        until(lambda: world.count(BLOCKED.format(pid=pid)) > 0, "nobody waits for the rival")
        rival.commit()
        step.join()
        assert world.count("SELECT deliveries + decisions FROM requests") == 1
        lead(app, world)

    assert [one for one in said if "could not serialize access" in one]
    assert world.states() == {"1": "submitted"}
    assert world.broken() == []


def test_what_ends_while_a_portal_opens_stays_ended(
    world: World, rival: psycopg.Connection
) -> None:
    """P2: called off by somebody just as all that waits is given new times: it gets none."""
    world.send("1", samples()["plain"])
    pid = rival.info.backend_pid
    with world.app() as app:
        world.listen(app)
        STEPS["assess"](app, REQUEST)
        assert world.states() == {"1": "queued"}
        rival.execute(CALL_OFF, [REQUEST])
        opening = threading.Thread(
            target=app.store.write, args=(partial(due.spread, portal="onprem", per_s=10),)
        )
        opening.start()
        until(lambda: world.count(BLOCKED.format(pid=pid)) > 0, "nobody waits for the rival")
        rival.commit()
        opening.join()

    assert world.count("SELECT count(due_at) FROM requests") == 0
