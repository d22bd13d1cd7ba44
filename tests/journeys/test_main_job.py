from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from adapters.outbound.past_events import past_events
from ops.demo.samples import Samples
from ops.site import Site
from tests.journeys.conftest import assert_as_expected, play, started
from tests.schema_check import broken_promises

pytestmark = pytest.mark.timeout(180)
ID = re.compile(rb"(?:access|contract)_id\W{1,6}(\d{9,10})")
PROGRAMS = ("redis", "sandbox", "web", "intake", "worker", "clock")


def secrets_of(samples: Samples) -> set[str]:
    """Give every Access ID and Contract ID that stands in the directory or in a request."""
    texts = [samples.directory.read_bytes(), *(one.raw for one in samples.deliveries)]
    return {found.decode() for text in texts for found in ID.findall(text)}


@pytest.mark.costly
def test_every_sample_ends_as_expected(
    tmp_path: Path, samples: Samples, database_url: str, redis_url: str
) -> None:
    """Given either database and either server, all samples end as expected, one ticket each.

    And no secret stands in any log, event or file that was written, and every event is as its
    schema promises.
    """
    with started(tmp_path, samples, database_url=database_url, redis_url=redis_url) as site:
        assert_as_expected(play(site, samples))
        told = list(past_events(site.app.redis, site.app.events_stream))

    ours = [path for path in tmp_path.rglob("*") if path.is_file() and "redis" not in path.parts]
    written = [path.read_bytes() for path in ours]
    assert told
    assert broken_promises(told) == []
    secrets = secrets_of(samples)
    assert len(secrets) >= 6
    assert [one for one in secrets for text in (*written, *told) if one.encode() in text] == []


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
