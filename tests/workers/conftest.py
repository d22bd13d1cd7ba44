"""An app to drive by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.server import SandboxServer
from tests.driving import Driver, new_app


@pytest.fixture
def sandbox(sandbox_server: SandboxServer) -> SandboxServer:
    """Give simulated portals that remember nothing."""
    sandbox_server.begin_anew()
    return sandbox_server


@pytest.fixture
def driver(
    tmp_path: Path, database_url: str, embedded_redis_url: str, sandbox: SandboxServer
) -> Iterator[Driver]:
    """Give an app on either database, with the embedded server and simulated portals."""
    app = new_app(tmp_path, database_url, embedded_redis_url, sandbox)
    yield Driver(app, sandbox)
    app.close()
