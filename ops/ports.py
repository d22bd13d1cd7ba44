"""Ports on this machine: whether one is free, and one that is. Never keeps a port open."""

from __future__ import annotations

import socket

LOOPBACK = "127.0.0.1"


def is_free(host: str, port: int) -> bool:
    try:
        _bound(host, port)
    except OSError:
        return False
    return True


def free_port(host: str = LOOPBACK) -> int:
    return _bound(host, 0)


def _bound(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])
