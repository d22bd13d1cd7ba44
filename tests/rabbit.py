"""A RabbitMQ server of the tests' own: a node of its own name and port, its data in a folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.waiting import wait_for
from tests.free_port import free_port

DEBIAN = Path("/usr/lib/rabbitmq/bin")
"""Debian's command of the same name becomes another user first; what it calls does not."""
START_S = 60.0
QUICK = "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
"""One scheduler that does not spin: other tests need the processors."""


def program(name: str) -> str | None:
    """Find a command of RabbitMQ's."""
    found = DEBIAN / name
    return str(found) if found.exists() else shutil.which(name)


TEN = 10


class Node:
    """One server, to be started, stopped and killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.port = free_port()
        self._vhosts = 0
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbit.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            "log.console = false\nlog.file.level = warning\n"
            "disk_free_limit.absolute = 50MB\nraft.wal_max_size_bytes = 16000000\n"
        )
        self._environment = {
            "PATH": os.environ["PATH"],  # noqa: TID251  (where Erlang is)
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"t{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbit.conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": QUICK,
        }
        self._server: subprocess.Popen[bytes] | None = None

    def url(self, vhost: str) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/{vhost}"

    def start(self) -> None:
        with (self._folder / "out").open("ab") as out:
            self._server = subprocess.Popen(  # noqa: S603  (a server found on this machine)
                [str(program("rabbitmq-server"))],
                env=self._environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        words = f"RabbitMQ does not come up; see {self._folder}"
        wait_for(self._answers, words, stopping=threading.Event(), limit_s=START_S)

    def kill(self) -> None:
        """End it at once, as by a power cut of its process."""
        if self._server is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._server.pid, signal.SIGKILL)
            self._server.wait()
            self._server = None

    def control(self, *words: str) -> str:
        """Do what `rabbitmqctl` does."""
        done = subprocess.run(  # noqa: S603  (as above)
            [str(program("rabbitmqctl")), "--quiet", *words],
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def stop(self) -> None:
        """Stop serving; the process stays, with what is on disk."""
        self.control("stop_app")

    def resume(self) -> None:
        self.control("start_app")

    def cut(self) -> None:
        """Close every connection."""
        self.control("close_all_connections", "--global", "the test says so")

    def vhost(self) -> str:
        """Give the name of an empty virtual host; ten are made at a time, for asking is slow."""
        if self._vhosts % TEN == 0:
            self._make_vhosts(self._vhosts, self._vhosts + TEN)
        self._vhosts += 1
        return f"v{self._vhosts - 1}"

    def _make_vhosts(self, first: int, end: int) -> None:
        names = ", ".join(f'<<"v{number}">>' for number in range(first, end))
        every = ", ".join(['<<".*">>'] * 3)
        self.control(
            "eval",
            f'[begin rabbit_vhost:add(V, <<"t">>),'
            f' rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, {every}, <<"t">>)'
            f" end || V <- [{names}]].",
        )

    def let_in(self, user: str, vhost: str, password: str) -> str:
        """Add a user; give the address by which it signs in."""
        if f"{user}\t" not in self.control("list_users"):
            self.control("add_user", user, password)
        self.control("set_permissions", "-p", vhost, user, ".*", ".*", ".*")
        return self.url(vhost).replace("guest:guest", f"{user}:{password}")

    def queues(self, vhost: str) -> dict[str, str]:
        """Give the type of each queue."""
        table = self.control("list_queues", "-p", vhost, "name", "type")
        rows = [line.split("\t") for line in table.splitlines()[1:] if "\t" in line]
        return dict(rows)

    def break_queue(self, vhost: str, queue: str) -> None:
        """Leave the queue's name and take what stands behind it, as a crash while it is made."""
        self.control(
            "eval", f"ra:force_delete_server(quorum_queues, {{'{vhost}_{queue}', node()}})."
        )

    def connections(self, name: str) -> int:
        """Count the connections whose name ends so."""
        table = self.control("list_connections", "client_properties")
        return table.count(f'"connection_name","{name}"')

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as found:
                found.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(found.recv(1))
        except OSError:
            return False


@contextmanager
def running(folder: Path) -> Iterator[Node]:
    """Run a server for as long as the block."""
    node = Node(folder)
    try:
        node.start()
        yield node
    finally:
        node.kill()
