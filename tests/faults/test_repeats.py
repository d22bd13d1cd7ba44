"""D1 to D4: everything is delivered too often, too late or in the wrong order."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from contracts.ids import request_id
from tests.builders import onprem_data
from tests.driving import SOURCE
from tests.faults.filing import logged
from tests.faults.lives import live
from tests.faults.world import ENDS, FAULTS, World, samples
from workers.actors import STEPS
from workers.app import App
from workers.cancel import NotCancelled, cancel

TIMES = 5


@pytest.fixture(name="app")
def _app(world: World) -> Iterator[App]:
    """Give what a worker works with."""
    with world.app() as app:
        yield app


def number(sender_id: str) -> str:
    """Give the request's number."""
    return request_id(SOURCE, sender_id)


def everybody(app: App, requests: list[str]) -> None:
    """Follow every hint at these requests several times at the same moment."""
    start = threading.Barrier(TIMES)

    def follow() -> None:
        start.wait()
        for step in STEPS.values():
            for request in requests:
                step(app, request)

    threads = [threading.Thread(target=follow) for _ in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_everything_comes_five_times(world: World, app: App) -> None:
    """D1: messages and hints come many times, at once and later; all is done once."""
    for rule in FAULTS:
        world.fault(**rule)
    for _ in range(TIMES):
        for sender_id, data in samples().items():
            world.send(sender_id, data)
    world.listen(app)
    requests = [number(sender_id) for sender_id in samples()]

    for _ in range(TIMES):
        everybody(app, requests)
        world.time_passes()
    assert live(world) == 0

    assert world.states() == ENDS
    assert world.broken() == []
    creations = [one for one in world.journal() if one["operation"] == "create"]
    assert len(creations) == 5  # one for each that is filed, and one whose line was cut before


def test_the_same_key_with_another_content(world: World) -> None:
    """D2: the same again changes nothing; another content is refused and changes nothing either."""
    world.send("1", onprem_data())
    world.send("1", onprem_data())
    world.send("1", onprem_data(title="何か別のこと"))

    assert live(world) == 0

    assert world.states() == {"1": "submitted"}
    assert world.broken() == []
    codes = [one["data"]["error"]["code"] for one in world.events("message.unreadable")]
    assert codes == ["id_reused"]


def test_what_comes_before_its_time_waits_or_is_refused(world: World, app: App) -> None:
    """D3: called off or completed before it is there, filed before it is decided: nothing happens.

    What is called off before its hint is followed stays so.
    """
    world.send("completion", {"product": "exchange-server/se"}, subject=number("1"))
    world.listen(app)
    with pytest.raises(NotCancelled, match="does not exist"):
        cancel(app, number("1"), who="t", why="t")
    world.send("1", onprem_data())
    world.send("2", onprem_data())
    world.listen(app)
    for queue in ("onprem", "portal", "assess"):
        STEPS[queue](app, number("1"))
    assert world.states() == {"1": "queued", "2": "received"}
    cancel(app, number("2"), who="t", why="t")

    assert live(world) == 0

    assert world.states() == {"1": "submitted", "2": "cancelled"}
    codes = [one["data"]["error"]["code"] for one in world.events("message.unreadable")]
    assert codes == ["unknown_request"]
    assert world.broken() == []


def test_old_hints_come_again(world: World, app: App, caplog: pytest.LogCaptureFixture) -> None:
    """D4: a hint at what has come to rest does nothing, and the log says so."""
    for sender_id, data in samples().items():
        world.send(sender_id, data)
    assert live(world) == 0
    before = world.look()

    caplog.clear()
    everybody(app, [number(sender_id) for sender_id in samples()])

    assert {one["event"] for one in logged(caplog)} == {"hint.idle"}
    assert world.look() == before
