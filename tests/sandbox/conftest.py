"""A sandbox for each test module, and what talks to it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from sandbox.server import SandboxServer
from tests.sandbox.cast import TOKEN, VERSION


@pytest.fixture(name="sandbox", scope="module")
def _sandbox() -> Iterator[SandboxServer]:
    """Serve a sandbox without state."""
    with SandboxServer() as server:
        yield server


@pytest.fixture(name="name")
def _name(request: pytest.FixtureRequest) -> str:
    """Give the test a ticket name or key of its own."""
    return str(request.node.name).replace("[", "-").replace("]", "").replace(":", "-")


@pytest.fixture(name="azure", scope="module")
def _azure(sandbox: SandboxServer) -> Iterator[httpx.Client]:
    """Talk to Azure with a token and the version."""
    params = {"api-version": VERSION}
    with httpx.Client(base_url=sandbox.azure_url, headers=TOKEN, params=params) as client:
        yield client


@pytest.fixture(name="bridge", scope="module")
def _bridge(sandbox: SandboxServer) -> Iterator[httpx.Client]:
    """Talk to the bridge with a token."""
    with httpx.Client(base_url=f"{sandbox.bridge_url}/v1", headers=TOKEN) as client:
        yield client


@pytest.fixture(name="control_client", scope="module")
def _control_client(sandbox: SandboxServer) -> Iterator[httpx.Client]:
    """Talk to the sandbox itself."""
    with httpx.Client(base_url=f"{sandbox.base_url}/_sandbox") as client:
        yield client


@pytest.fixture(name="control")
def _control(control_client: httpx.Client) -> Iterator[httpx.Client]:
    """Talk to the sandbox itself; fault scripts are cleared afterwards."""
    yield control_client
    control_client.delete("/faults")
