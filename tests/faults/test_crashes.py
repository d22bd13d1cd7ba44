"""K1 to K13 and B1: a process dies at each place there is, and the next one makes it good."""

from __future__ import annotations

import pytest

from tests.faults.lives import live
from tests.faults.world import ENDS, FAULTS, World, samples
from workers.failpoints import KILLED
from workers.failpoints import POINTS as ALL_POINTS

POINTS = tuple(one for one in ALL_POINTS if not one.startswith("mail."))
"""The mailbox has a server of its own: `tests/workers/test_mailbox.py` dies there."""
PLACES = (*POINTS, "publish.taken:2", "publish.sent:2", "publish.marked:2")
"""Every place; those around the stream of events also once senders have their answers."""


def begin(world: World) -> None:
    """Script the portals' trouble and send every sample."""
    for rule in FAULTS:
        world.fault(**rule)
    for sender_id, data in samples().items():
        world.send(sender_id, data)


def assert_made_good(world: World) -> None:
    """Every sample has its end, and all invariants hold."""
    assert live(world) == 0
    assert world.states() == ENDS
    assert world.broken() == []


@pytest.mark.parametrize("point", PLACES)
def test_a_process_dies_and_another_goes_on(world: World, point: str) -> None:
    """K1-K12: wherever it dies, nothing is lost and nothing is done twice."""
    begin(world)

    assert live(world, point) == KILLED
    world.send_unanswered_again()
    world.time_passes()

    assert_made_good(world)


@pytest.mark.parametrize("point", POINTS)
def test_redis_forgets_everything_meanwhile(world: World, point: str) -> None:
    """B1: wherever it dies, Redis may be emptied as well; only time is lost."""
    begin(world)

    assert live(world, point) == KILLED
    world.flush()
    world.send_unanswered_again()
    world.time_passes()

    assert live(world) == 0
    assert world.states() == ENDS
    assert world.broken(published=False) == []


@pytest.mark.nightly
@pytest.mark.parametrize("second", POINTS)
@pytest.mark.parametrize("first", POINTS)
def test_whoever_makes_it_good_dies_too(world: World, first: str, second: str) -> None:
    """K13: the process that goes on dies as well, at any place that it comes by."""
    begin(world)

    assert live(world, first) == KILLED
    world.send_unanswered_again()
    world.time_passes()
    assert live(world, second) in {0, KILLED}
    world.send_unanswered_again()
    world.time_passes()

    assert_made_good(world)
