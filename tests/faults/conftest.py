"""A world for each test, and an app in it to drive by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext

from sandbox.azure.operations import Rhythm
from sandbox.server import SandboxServer
from sandbox.settings import Settings
from tests.driving import Driver
from tests.faults.world import World, world


@pytest.fixture
def sandbox(sandbox_server: SandboxServer) -> SandboxServer:
    """Give simulated portals that remember nothing."""
    sandbox_server.begin_anew(Settings(rhythm=Rhythm(looks=0)))
    return sandbox_server


@pytest.fixture(name="world")
def _world(
    tmp_path: Path, database_url: str, embedded_redis_url: str, sandbox: SandboxServer
) -> Iterator[World]:
    """Give a world on either database."""
    with world(tmp_path, database_url, embedded_redis_url, sandbox) as found:
        yield found


@pytest.fixture
def driver(world: World, sandbox: SandboxServer) -> Iterator[Driver]:
    """Give an app in that world, its steps done by hand."""
    with world.app() as app:
        yield Driver(app, sandbox)


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Give the errors that databases answer with from now on, on any connection."""
    found: list[str] = []

    def hear(context: ExceptionContext) -> None:
        found.append(str(context.original_exception))

    event.listen(Engine, "handle_error", hear)
    yield found
    event.remove(Engine, "handle_error", hear)
