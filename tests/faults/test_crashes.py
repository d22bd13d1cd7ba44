"""K1 to K13 and B1: a process dies at each place there is, and the next one makes it good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.invariants import undelivered
from tests.faults.lives import live
from tests.faults.world import ENDS, FAULTS, World, samples
from tests.receiver import Receiver
from workers.failpoints import KILLED
from workers.failpoints import POINTS as ALL_POINTS

ELSEWHERE = ("mail.", "reply.")
"""Mails have servers of their own: `test_mailbox.py` and `test_letters.py` die there."""
POINTS = tuple(one for one in ALL_POINTS if not one.startswith(ELSEWHERE))
PLACES = (*POINTS, "publish.taken:2", "publish.sent:2", "publish.marked:2")
"""Every place; those around the stream of events also once senders have their answers."""


@pytest.fixture(name="receiver")
def _receiver() -> Iterator[Receiver]:
    """Give a receiver of webhooks that takes all that comes."""
    with Receiver() as found:
        yield found


def begin(world: World, receiver: Receiver) -> None:
    """Script the portals' trouble, register a webhook, and send every sample."""
    world.hook(receiver)
    for rule in FAULTS:
        world.fault(**rule)
    for sender_id, data in samples().items():
        world.send(sender_id, data)


def assert_made_good(world: World, receiver: Receiver, *, published: bool = True) -> None:
    """Every sample has its end, all invariants hold, and the webhook has got every event."""
    assert live(world) == 0
    assert world.states() == ENDS
    assert world.broken(published=published) == []
    assert undelivered(world.look(), receiver.events()) == []


@pytest.mark.parametrize("point", PLACES)
def test_a_process_dies_and_another_goes_on(world: World, receiver: Receiver, point: str) -> None:
    """K1-K12: wherever it dies, nothing is lost and nothing is done twice."""
    begin(world, receiver)

    assert live(world, point) == KILLED
    world.send_unanswered_again()
    world.time_passes()

    assert_made_good(world, receiver)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.costly
def test_redis_forgets_everything_meanwhile(world: World, receiver: Receiver, point: str) -> None:
    """B1: wherever it dies, Redis may be emptied as well; only time is lost."""
    begin(world, receiver)

    assert live(world, point) == KILLED
    world.flush()
    world.send_unanswered_again()
    world.time_passes()

    assert_made_good(world, receiver, published=False)


@pytest.mark.nightly
@pytest.mark.parametrize("second", POINTS)
@pytest.mark.parametrize("first", POINTS)
def test_whoever_makes_it_good_dies_too(
    world: World, receiver: Receiver, first: str, second: str
) -> None:
    """K13: the process that goes on dies as well, at any place that it comes by."""
    begin(world, receiver)

    assert live(world, first) == KILLED
    world.send_unanswered_again()
    world.time_passes()
    assert live(world, second) in {0, KILLED}
    world.send_unanswered_again()
    world.time_passes()

    assert_made_good(world, receiver)
