"""Everything running, as separate processes, on a database and a server that speaks Redis."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ops import actions
from ops.demo import judging
from ops.demo.judging import Judgement
from ops.demo.play import SAMPLES
from ops.demo.samples import Samples, read_samples
from ops.demo.sending import sending
from ops.demo.standing import Standing, standings
from ops.reading import read_directory_file
from ops.site import Site, running
from workers.bootstrap import read_settings

LOOKS = 1_200
LOOK_S = 0.1
Trouble = Callable[[Site], None]


@pytest.fixture(scope="session")
def samples() -> Samples:
    """Give the demonstration's samples."""
    return read_samples(SAMPLES)


@contextmanager
def started(var: Path, samples: Samples, **settings: object) -> Iterator[Site]:
    """Start everything, with simulated portals that make the samples' trouble."""
    var.mkdir(parents=True, exist_ok=True)
    chosen = read_settings(var=var, http_port=0, rehint_s=2.0, lease_s=5.0, **settings)
    stopping = threading.Event()
    with running(chosen, stopping, simulated=True, faults=samples.faults) as site:
        actions.import_directory(site.app, read_directory_file(samples.directory), who="test")
        yield site


def play(site: Site, samples: Samples, trouble: Trouble | None = None) -> Judgement:
    """Send the samples, make trouble once some are under way, and judge when all rest."""
    pause = threading.Event()
    with sending(site, samples.deliveries) as senders:
        for _ in range(LOOKS):
            now = standings(site.app, samples.all)
            if trouble is not None and under_way(now):
                trouble(site)
                trouble = None
            if trouble is None and all(one.resting for one in now.values()):
                break
            pause.wait(LOOK_S)
        for sender in senders:
            if sender.done():
                sender.result()
    assert trouble is None, "the samples came to rest before any trouble was made"
    return judging.judge(site, samples)


def under_way(now: dict[str, Standing]) -> bool:
    """Whether some samples have been taken up and some have not come to rest."""
    taken = [one for one in now.values() if one.state != "–"]
    return len(taken) >= 3 and not all(one.resting for one in taken)


def assert_as_expected(found: Judgement) -> None:
    """Every sample as expected, the account adds up, one ticket each at the portals."""
    wrong = [one.as_dict() for one in found.outcomes if not one.ok]
    assert wrong == []
    assert found.proof.discrepancies == []
    assert found.doubtful == ()
    assert found.ok
