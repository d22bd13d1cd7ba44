"""What tests stand on: both databases, both servers that speak Redis, none of them shared."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from sqlalchemy import text

from config import logs
from ledger import scratch
from ledger.schema import migrate
from ledger.store import Store, open_store
from ledger.tables import metadata
from ledger.vault import Vault, new_key
from ops.embedded import find_server
from sandbox.server import SandboxServer
from tests import mail_server
from tests.mail_server import MailServer
from tests.rabbit import Node, program
from tests.rabbit import running as rabbit_running

POSTGRESQL = os.environ.get(  # noqa: TID251  (where the tests' own server is)
    "TORITSUGI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432"
)
IN_CI = bool(os.environ.get("CI"))  # noqa: TID251  (a service that is missing there is a fault)


@pytest.hookimpl(tryfirst=True)  # before the marks are chosen from
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what takes long run on PostgreSQL with each change, and on SQLite by night."""
    for item in items:
        if item.get_closest_marker("costly") and "sqlite" in item.name:
            item.add_marker(pytest.mark.nightly)


def missing(what: str) -> None:
    """Skip at home, fail in CI."""
    if IN_CI:
        pytest.fail(f"{what} should be here and is not")
    pytest.skip(f"{what} is not here")


@pytest.fixture(autouse=True, scope="session")
def _logs() -> None:
    """Log as in production, to where pytest keeps it."""
    logs.configure(style="json", level="info", process="test", stream=sys.stderr)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """Give a database of our own on the PostgreSQL server, migrated, dropped afterwards."""
    if not scratch.answers(POSTGRESQL):
        missing("a PostgreSQL server")
    with scratch.on_server(POSTGRESQL, "test") as found:
        store = open_store(found.url)
        migrate(store)
        store.close()
        yield found.url


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty, migrated file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "ledger.db"
    store = open_store(f"sqlite:///{path}")
    migrate(store)
    store.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("VACUUM")  # or what migrations have left free would keep a disk from being full
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give an empty, migrated database, once on each kind."""
    if request.param == "sqlite":
        empty = request.getfixturevalue("empty_sqlite")
        return f"sqlite:///{shutil.copy(empty, tmp_path / 'ledger.db')}"
    url = str(request.getfixturevalue("postgresql_url"))
    _empty(url)
    return url


def _empty(url: str) -> None:
    """Delete, and count from one again: a TRUNCATE of so many tables takes ten times as long."""
    said = [f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)]
    said += [
        f"SELECT setval(pg_get_serial_sequence('{column.table.name}', '{column.name}'), 1, false)"
        for table in metadata.sorted_tables
        for column in table.c
        if column.autoincrement is True
    ]
    store = open_store(url)
    store.write(lambda db: db.execute(text("; ".join(said))))
    store.close()


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[SandboxServer]:
    """Serve simulated portals, which each test that uses them begins anew."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """Give an open store on an empty database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def vault() -> Vault:
    """Give a vault with a key of its own."""
    return Vault(new_key())


@pytest.fixture(params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def redis_url(request: pytest.FixtureRequest) -> str:
    """Give an empty server of our own: the embedded one, and Redis proper."""
    if request.param == "embedded":
        return str(request.getfixturevalue("embedded_redis_url"))
    return str(request.getfixturevalue("real_redis_url"))


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the server that comes with the embedded parts."""
    with running(find_server(), tmp_path_factory.mktemp("r")) as url:
        yield url


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Redis proper."""
    binary = shutil.which("redis-server")
    if binary is None:
        missing("redis-server")
    with running(Path(str(binary)), tmp_path_factory.mktemp("r")) as url:
        yield url


@pytest.fixture
def embedded_redis_url(embedded_server: str) -> str:
    """Give the embedded server, emptied."""
    return emptied(embedded_server)


@pytest.fixture
def real_redis_url(real_server: str) -> str:
    """Give Redis proper, emptied."""
    return emptied(real_server)


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Run a RabbitMQ server for the tests of this process, which share it."""
    if program("rabbitmq-server") is None:
        missing("rabbitmq-server")
    with rabbit_running(tmp_path_factory.mktemp("q")) as node:
        yield node


@pytest.fixture
def vhost(rabbit: Node) -> str:
    """Give the name of an empty virtual host."""
    return rabbit.vhost()


@pytest.fixture
def amqp_url(rabbit: Node, vhost: str) -> str:
    """Give the address of an empty virtual host."""
    return rabbit.url(vhost)


@contextmanager
def running(binary: Path, folder: Path) -> Iterator[str]:
    """Run a server of our own on a socket in `folder`."""
    socket = folder / "s"
    command = [str(binary), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder)]
    # At its usual 10 Hz a blocking read without an answer takes a tenth of a second at least.
    with subprocess.Popen(  # noqa: S603  (a server found on this machine)
        [*command, "--save", "", "--appendonly", "no", "--hz", "500"],
        stdout=subprocess.DEVNULL,
    ) as server:
        url = f"unix://{socket}"
        try:
            with _patient(url) as client:
                client.ping()
            yield url
        finally:
            server.terminate()


def emptied(url: str) -> str:
    """Empty the server."""
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return url


def _patient(url: str) -> redis.Redis:
    """Give a client that waits for its server to come up."""
    return redis.Redis.from_url(
        url,
        retry=Retry(ConstantBackoff(0.02), 500),
        retry_on_error=[redis.ConnectionError, redis.BusyLoadingError],
    )


@pytest.fixture(scope="session")
def exim() -> Iterator[MailServer]:
    """Run a mail server of our own."""
    binary = mail_server.find_exim()
    if binary is None:
        missing("exim4")
    with mail_server.running(str(binary)) as server:
        yield server


@pytest.fixture
def smtp_server(exim: MailServer) -> MailServer:
    """Give the mail server, its folder emptied."""
    exim.clear()
    return exim
