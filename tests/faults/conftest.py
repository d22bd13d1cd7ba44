"""A world for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.azure.operations import Rhythm
from sandbox.server import SandboxServer
from sandbox.settings import Settings
from tests.faults.world import World, world


@pytest.fixture(name="world")
def _world(tmp_path: Path, database_url: str, embedded_redis_url: str) -> Iterator[World]:
    """Give a world on either database."""
    with (
        SandboxServer(Settings(rhythm=Rhythm(looks=0))) as sandbox,
        world(tmp_path, database_url, embedded_redis_url, sandbox) as found,
    ):
        yield found
