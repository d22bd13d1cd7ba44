"""The sandbox in a thread of the test's own process."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from sandbox.azure.operations import Rhythm
from sandbox.server import SandboxServer
from sandbox.settings import Settings
from tests.sandbox.cast import SCOPE, TOKEN, VERSION, bridged, properties


def test_leaves_nothing() -> None:
    """After the block neither thread nor port is left, though a client stays connected."""
    before = threading.enumerate()
    with httpx.Client() as client:
        with SandboxServer() as server:
            client.get(f"{server.base_url}/_sandbox/health").raise_for_status()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.base_url}/_sandbox/health")

    assert set(threading.enumerate()) <= set(before)


def test_state_in_process(tmp_path: Path) -> None:
    """With a folder the next server goes on where the last one stopped."""
    answers = []
    for _ in range(2):
        with SandboxServer(Settings(state=tmp_path)) as server:
            headers = TOKEN | {"Idempotency-Key": "one"}
            url = f"{server.bridge_url}/v1/tickets"
            answers.append(httpx.post(url, json=bridged(), headers=headers).status_code)

    assert answers == [201, 200]


def test_settings() -> None:
    """Script, latency and rhythm are taken from the settings."""
    settings = Settings(
        faults=({"operation": "read", "fault": {"status": 500}},), latency_s=0.1, rhythm=Rhythm(0)
    )
    with SandboxServer(settings) as server:
        path = f"{SCOPE}/providers/Microsoft.Support/supportTickets/one?api-version={VERSION}"
        url = f"{server.azure_url}{path}"
        accepted = httpx.put(url, json={"properties": properties()}, headers=TOKEN)
        faulty, found = (httpx.get(url, headers=TOKEN) for _ in range(2))

    assert accepted.elapsed.total_seconds() >= 0.1
    assert (faulty.status_code, found.status_code) == (500, 200)


def test_begun_anew() -> None:
    """What was filed and scripted is forgotten; the address stays, and a connection, too."""
    with SandboxServer() as server, httpx.Client(headers=TOKEN) as client:
        url = f"{server.bridge_url}/v1/tickets"
        client.post(url, json=bridged(), headers={"Idempotency-Key": "one"}).raise_for_status()
        server.sandbox.book.add([{"operation": "read", "fault": {"status": 500}}])
        server.begin_anew()
        assert client.get(f"{url}?key=one").json() == {"tickets": []}


def test_two_at_once() -> None:
    """Two sandboxes share nothing."""
    with SandboxServer() as one, SandboxServer() as other:
        headers = TOKEN | {"Idempotency-Key": "one"}
        httpx.post(f"{one.bridge_url}/v1/tickets", json=bridged(), headers=headers)
        missing = httpx.get(f"{other.bridge_url}/v1/tickets?key=one", headers=TOKEN)

    assert missing.json() == {"tickets": []}
