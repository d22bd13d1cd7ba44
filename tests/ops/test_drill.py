from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import astuple
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.inbound.event import parse_event
from config.settings import Settings
from ledger import scratch
from ledger.store import Store
from ledger.vault import Vault
from ops import actions
from ops.__main__ import run
from ops.drill import load
from ops.drill.count import Count
from ops.drill.rescue import Rescues
from ops.drill.schedule import DECK, LEASE_S, Trouble, digest, schedule
from ops.drill.senders import Sent
from ops.drill.trouble import DEEDS
from ops.drill.troubles import Met
from sandbox.server import SandboxServer
from tests.builders import admitted, arrival, claimed
from tests.conftest import POSTGRESQL, missing
from tests.driving import Driver, new_app
from tests.ops.drilled import Drilled
from tests.ops.test_demo import command
from workers.record import record

KILL = Trouble(0.0, "kill", "worker", 0.0)
UNTOUCHED = (4, 10)
EXTRA_DEDUCTION = """
INSERT INTO entries (id, contract, request, kind, amount, balance, at, who, why)
SELECT 'x', id, :of, 'post', -1, balance, 0, 'x', 'x' FROM contracts WHERE name = 'dry'
"""


# ---- The schedule --------------------------------------------------------------------------------


def test_the_same_seed_brings_the_same_trouble() -> None:
    """Nothing but seed and length decide; another seed brings other trouble."""
    assert schedule(7, 300) == schedule(7, 300)
    assert digest(schedule(7, 300)) == digest(schedule(7, 300))
    assert len({digest(schedule(seed, 300)) for seed in range(20)}) == 20


def test_five_minutes_meet_every_kind() -> None:
    """Whatever the seed, no kind of trouble is left out, and none outlasts the drill."""
    for seed in range(20):
        drawn = schedule(seed, 300)
        assert {one.kind for one in drawn} == {card.kind for card in DECK}
        assert all(one.at_s + one.length_s <= 300.01 for one in drawn)


def test_every_kind_has_its_deed() -> None:
    """What can be drawn can be done; a stopped worker is stopped for two leases."""
    assert {card.kind for card in DECK} == set(DEEDS)
    assert Settings.model_fields["lease_s"].default == LEASE_S


# ---- The count -----------------------------------------------------------------------------------


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """Give simulated portals that remember nothing."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def drilled(
    tmp_path: Path, database_url: str, embedded_redis_url: str, sandbox: SandboxServer
) -> Iterator[Drilled]:
    """Give a drill's directory, and nothing sent yet."""
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox)
    actions.import_directory(app, load.directory(), who="test")
    yield Drilled(Driver(app, sandbox), tmp_path)
    app.close()


def found(count: Count, number: int) -> set[tuple[str, str]]:
    """Give what was found of a request: each verdict with the first words."""
    of = load.order(number).number
    return {(one.verdict, one.words) for one in count.findings if one.where == of}


def test_what_went_through_in_peace_is_ok(drilled: Drilled) -> None:
    """Requests by every route, refused ones and a contract that runs dry: nothing is found."""
    drilled.send(*range(1, 15), 19, 33, 47)
    drilled.finish()
    count = drilled.count()
    assert count.findings == []
    assert (count.attempted, count.acknowledged, count.ok, count.clean) == (17, 17, 17, True)
    drilled.sql("UPDATE contracts SET balance = 1 WHERE name = 'dry'", 5)
    assert any("nothing in it is to be refused" in one.words for one in drilled.count().findings)


def test_what_is_planted_is_found(drilled: Drilled) -> None:
    """Each loss, double and stray that is planted shows in the count, and nothing else does."""
    drilled.send(1, 3, 4, 6, 7, 9, 10, 11, 13, 14, 17, 20, 23, 25, 28, 34, 39)
    drilled.finish()
    wanted = {**_in_the_ledger(drilled), **_at_the_portals(drilled), **_in_the_events(drilled)}
    wanted |= _at_the_senders(drilled)
    record(drilled.driver.app, "http", parse_event(b"{"))

    count = drilled.count()
    for number, (verdict, words) in wanted.items():
        assert any(v == verdict and words in w for v, w in found(count, number)), (number, count)
    assert all(not found(count, number) for number in UNTOUCHED)
    assert count.ok == len(UNTOUCHED)
    assert count.duplicated == sum(verdict == "duplicated" for verdict, _ in wanted.values())
    untold = (7, 14)  # an end that was planted has no event
    assert count.lost == sum(verdict == "lost" for verdict, _ in wanted.values()) + len(untold)
    strays = {one.words.partition(":")[0] for one in count.findings}
    assert strays >= {"a ticket nobody asked for", "a request that nobody sent",
                      "a message in quarantine", "ledger verify"}  # fmt: skip


def _in_the_ledger(drilled: Drilled) -> dict[int, tuple[str, str]]:
    """Plant by SQL."""
    state = "UPDATE requests SET state = '{}', code = '{}' WHERE id = :of"
    drilled.sql(state.format("queued", ""), 3)
    drilled.sql("UPDATE entries SET amount = -2 WHERE request = :of", 9)
    drilled.sql("DELETE FROM entries WHERE request = :of", 11)
    drilled.sql(state.format("failed", "http_422"), 14)
    drilled.sql(state.format("submitted", ""), 13)
    drilled.sql(EXTRA_DEDUCTION, 1)
    drilled.sql(state.format("rejected", "contract_expired"), 7)
    return {
        3: ("lost", "not ended: queued"),
        9: ("duplicated", "2 incidents deducted"),
        11: ("unexpected", "nothing was deducted"),
        14: ("unexpected", "no trouble explains it"),
        13: ("lost", "the portal has no ticket"),
        1: ("unexpected", "1 incidents deducted"),
        7: ("unexpected", "nothing in it is to be refused"),
    }


def _at_the_portals(drilled: Drilled) -> dict[int, tuple[str, str]]:
    """Plant tickets."""
    drilled.ticket(load.order(6).title, "another key")
    drilled.ticket("whose is this?", "a third key")
    drilled.sql("UPDATE tickets SET number = 'x' WHERE request = :of", 34)
    return {
        6: ("duplicated", "2 tickets"),
        34: ("unexpected", "not the ledger's"),
    }


def _in_the_events(drilled: Drilled) -> dict[int, tuple[str, str]]:
    """Plant on the stream: a double, a changed one, a lost one, and two the wrong way round."""
    events = drilled.stream()
    mine = {number: drilled.events(number) for number in (17, 20, 23, 25)}
    events.append({**mine[17][1], "id": "another"})
    events.append({**mine[20][1], "time": "2026-01-01T00:00:00Z"})
    events.remove(mine[23][2])
    for one in mine[25]:
        events.remove(one)
    drilled.rewrite([*events, *mine[25][::-1]])
    return {
        17: ("duplicated", "2 events of type"),
        20: ("duplicated", "two contents"),
        23: ("lost", "without its event toritsugi.incident.deducted.v1"),
        25: ("unexpected", "came only after event 3"),
    }


def _at_the_senders(drilled: Drilled) -> dict[int, tuple[str, str]]:
    """Plant in what senders remember."""
    drilled.sent[load.order(28).number].acknowledged_at = None
    del drilled.sent[load.order(39).number]
    never = load.order(31)
    drilled.sent[never.number] = Sent(never, time.time(), times=1, acknowledged_at=time.time())
    return {
        28: ("unexpected", "never acknowledged"),
        39: ("unexpected", "a request that nobody sent"),
        31: ("lost", "not in the ledger"),
    }


def test_events_may_be_late_after_redis_lost_some(drilled: Drilled) -> None:
    """The wrong order is explained by a flushed Redis between the making and the coming."""
    drilled.send(3)
    drilled.finish()
    drilled.rewrite(drilled.events(3)[::-1])
    drilled.met = [Met(Trouble(0, "flush", "redis", 0), time.time(), time.time())]
    assert drilled.count().clean
    drilled.met = [Met(Trouble(0, "flush", "redis", 0), 0.0, 1.0)]
    assert not drilled.count().clean


def test_a_failure_is_excused_only_when_every_try_met_a_fault(drilled: Drilled) -> None:
    """A storm of 429 excuses a request that ran out of tries, and none that had fewer."""
    drilled.driver.fault(portal="onprem", operation="create", times=8, fault={"status": 429})
    drilled.send(3)
    drilled.finish()
    count = drilled.count()
    assert (count.clean, count.excused, count.ok) == (True, 1, 0)
    drilled.sql("DELETE FROM attempts WHERE request = :of AND number = 1", 3)
    assert drilled.count().unexpected == 1


def test_a_refusal_is_excused_only_when_it_was_asked_for(drilled: Drilled) -> None:
    """Azure was told to refuse one; that the other portal refused is nobody's trouble."""
    drilled.driver.fault(portal="azure", operation="create", fault="operation_failed")
    drilled.driver.fault(portal="onprem", operation="create", fault={"status": 422})
    drilled.send(2, 3)
    drilled.finish()
    count = drilled.count()
    assert (count.excused, count.unexpected) == (1, 1)
    assert not found(count, 2)


@pytest.mark.parametrize(("hands", "excused"), [(3, 1), (2, 0)])
def test_poison_is_excused_only_by_as_many_troubles(
    drilled: Drilled, hands: int, excused: int
) -> None:
    """Given up after three deliveries: each must have been in hands that trouble befell."""
    drilled.send(3)
    drilled.sql("UPDATE requests SET deliveries = 3 WHERE id = :of", 3)
    drilled.finish()
    drilled.hands = {load.order(3).number: hands}
    count = drilled.count()
    assert (count.excused, count.unexpected) == (excused, 1 - excused)


def test_a_drill_that_was_stopped_loses_nothing_yet(drilled: Drilled) -> None:
    """What has not ended when somebody presses Ctrl-C is under way, and not lost."""
    drilled.send(3)
    drilled.whole = False
    assert (drilled.count().under_way, drilled.count().clean) == (1, True)


# ---- The times of rescue -------------------------------------------------------------------------


def test_a_rescue_is_the_next_claim_by_anyone(store: Store, vault: Vault) -> None:
    """What the killed one held counts until another takes it; what it had let go does not."""
    first, second = admitted(store, vault, arrival("1"), arrival("2"))
    claimed(store, first, owner="worker@here:77:a", lease_s=0.0)
    claimed(store, second, owner="worker@here:77:a")
    other = arrival("3")
    (third,) = admitted(store, vault, other)
    claimed(store, third, owner="worker@here:78:b")
    rescues = Rescues(store)
    rescues.befall(KILL, 77)
    assert dict(rescues.hands) == {second: 1}

    rescues.look()
    assert (rescues.open(), rescues.done) == ([second], [])
    claimed(store, first, owner="worker@here:79:c")
    _lapse(store, second)
    claimed(store, second, owner="worker@here:79:c")
    rescues.look()
    assert rescues.open() == []
    assert [one.request for one in rescues.done] == [second]


def _lapse(store: Store, request: str) -> None:
    store.write(
        lambda db: db.execute(
            text("UPDATE requests SET lease_until = 1 WHERE id = :of"), {"of": request}
        )
    )


# ---- Whole drills --------------------------------------------------------------------------------


Ended = tuple[int, str]
"""A command's status, and what it printed."""


@pytest.fixture(scope="module")
def drills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """Drill on both databases, and once more until Ctrl-C, all at the same time."""
    words = {
        "sqlite": ("--minutes", "0.3", "--seed", "2665", "--json"),
        "postgresql": ("--minutes", "0.3", "--seed", "323", "--json", "--database", POSTGRESQL),
        "stopped": ("--seed", "6"),
    }
    with ExitStack() as stack:
        begun = {
            name: stack.enter_context(command(tmp_path_factory.mktemp(name), "drill", *more))
            for name, more in words.items()
        }
        _stop(begun["stopped"])
        told = {name: process.communicate()[0] for name, process in begun.items()}
    return {name: (begun[name].returncode, told[name]) for name in begun}


def _stop(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C after the first few troubles."""
    for _ in zip(range(4), process.stdout or (), strict=False):
        pass
    process.send_signal(signal.SIGINT)


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_short_drill_loses_nothing_and_does_nothing_twice(
    drills: dict[str, Ended], kind: str
) -> None:
    """Real processes under real trouble, counted from outside."""
    if kind == "postgresql" and not scratch.answers(POSTGRESQL):
        missing("a PostgreSQL server")
    status, told = drills[kind]
    document = json.loads(told)
    assert (status, document["findings"]) == (0, [])
    assert (document["lost"], document["duplicated"], document["unexpected"]) == (0, 0, 0)
    assert document["attempted"] == document["acknowledged"] > 60
    assert document["database"] == kind
    planned = schedule(document["seed"], 18.0)
    assert document["faults"] == digest(planned)
    assert document["schedule"] == [list(astuple(one)) for one in planned]
    assert len(planned) > len(document["missed"])
    folder = Path(document["folder"])
    attempted = (folder / "attempted.jsonl").read_text().splitlines()
    assert len(attempted) == document["attempted"]
    assert json.loads((folder / "result.json").read_text()) == document


def test_a_drill_can_be_stopped(drills: dict[str, Ended]) -> None:
    """Ctrl-C ends it in good order with the count so far and status 130."""
    status, told = drills["stopped"]
    assert status == 130
    assert ", lost 0, duplicated 0, " in told.splitlines()[-2]
    assert told.splitlines()[-1].startswith("seed 6, 5 min, sqlite")
    assert "stopped before its end" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--rate", "fast"], "--rate: fast is no rate; write 5/s"),
        (["--rate", "0"], "--rate: 0 is no rate"),
        (["--database", "sqlite:///mine.db"], "name a PostgreSQL server"),
    ],
)
def test_wrong_use_touches_nothing(
    var: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody's own database is drilled, and what cannot be read is said."""
    assert run(["drill", *words]) == 2
    assert says in capsys.readouterr().err
    assert not (var / "toritsugi.db").exists()
