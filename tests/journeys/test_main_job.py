from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from ops.demo.samples import Samples
from ops.site import Site
from tests.journeys.conftest import assert_as_expected, play, started

pytestmark = pytest.mark.timeout(180)
PROGRAMS = ("redis", "sandbox", "web", "intake", "worker", "clock")


def test_every_sample_ends_as_expected(
    tmp_path: Path, samples: Samples, database_url: str, redis_url: str
) -> None:
    """Given either database and either server, all samples end as expected, one ticket each."""
    with started(tmp_path, samples, database_url=database_url, redis_url=redis_url) as site:
        assert_as_expected(play(site, samples))


@pytest.mark.parametrize("program", PROGRAMS)
def test_killing_any_one_process_changes_nothing(
    tmp_path: Path, samples: Samples, program: str
) -> None:
    """When a process is killed on the way, another takes its place and all ends as expected."""

    def kill(site: Site) -> None:
        os.kill(site.supervisor.pids()[program], signal.SIGKILL)

    with started(tmp_path, samples) as site:
        assert_as_expected(play(site, samples, kill))


def test_flushing_redis_loses_nothing(tmp_path: Path, samples: Samples) -> None:
    """When Redis forgets everything on the way, all ends as expected; only time is lost."""

    def flush(site: Site) -> None:
        site.app.redis.flushall()

    with started(tmp_path, samples) as site:
        assert_as_expected(play(site, samples, flush))
