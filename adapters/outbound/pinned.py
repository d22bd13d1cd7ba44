"""Connections that go to addresses that were looked at, and calls that end in time.

The name stays in TLS and in the Host header; only the connection goes to the address. No proxy is
ever used. A receiver that lets one byte through now and then gains no time by it.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpcore
from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream
from typing_extensions import override

from adapters.outbound.public_hosts import PublicHosts


class Deadline:
    """Until when the call that this thread is making must be over."""

    def __init__(self) -> None:
        self._mine = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self._mine.until = time.monotonic() + seconds
        try:
            yield
        finally:
            del self._mine.until

    def left(self, asked: float | None) -> float:
        """Give how long to wait at most; raise `httpcore.ReadTimeout` when time is up."""
        until: float = self._mine.until
        left = until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if asked is None else min(asked, left)


class PinnedBackend(NetworkBackend):
    """Connects to what `hosts` allows, and to nothing else."""

    def __init__(self, hosts: PublicHosts, deadline: Deadline) -> None:
        self._hosts = hosts
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Try one address after the other. Raises `NotPublic` and `OSError` beside httpcore's."""
        failure: Exception = httpcore.ConnectError()
        for address in self._hosts.addresses(host, port):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Timed(stream, self._deadline)
        raise failure


class _Timed(NetworkStream):
    """A stream on which nothing waits beyond the deadline."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    @override
    def close(self) -> None:
        self._stream.close()

    @override
    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        left = self._deadline.left(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    @override
    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
