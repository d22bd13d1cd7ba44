"""The main job with RabbitMQ as the broker, as separate processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.demo.samples import Samples
from ops.site import Site
from tests.journeys.conftest import assert_as_expected, play, started
from tests.rabbit import Node

pytestmark = [pytest.mark.rabbitmq, pytest.mark.timeout(300)]


@pytest.mark.costly
def test_every_sample_ends_as_expected_though_the_broker_restarts(
    tmp_path: Path, samples: Samples, database_url: str, rabbit: Node, amqp_url: str
) -> None:
    """Given either database, hints by RabbitMQ and a restart on the way, all ends as expected."""

    def restart(_: Site) -> None:
        rabbit.stop()
        rabbit.resume()

    with started(tmp_path, samples, database_url=database_url, amqp_url=amqp_url) as site:
        assert_as_expected(play(site, samples, restart))
        assert not site.app.redis.keys("toritsugi:hints:*")
