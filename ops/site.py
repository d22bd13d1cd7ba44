"""Everything on one machine: the embedded parts that the settings leave open, and all processes.

A real Redis or real portals in the settings take the place of the embedded ones. Leaves nothing
running, whatever happens within.
"""

from __future__ import annotations

import fcntl
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from ops import embedded, procfile
from ops.child import Program
from ops.event_log import event_log
from ops.follow import followed
from ops.health_redis import redis_answers
from ops.ports import LOOPBACK, free_port, is_free
from ops.problem import Problem
from ops.supervisor import Supervisor
from ops.waiting import wait_for
from workers import bootstrap
from workers.app import App
from workers.bootstrap import Settings

SANDBOX = "sandbox"
SANDBOX_LAYER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What runs, and where it is found."""

    app: App
    settings: Settings
    supervisor: Supervisor
    log: Path
    http_url: str
    sandbox_url: str | None
    """Where the simulated portals are; None with real ones."""
    socket: Path | None
    """The embedded server's; None with a real Redis."""
    notes: tuple[str, ...] = ()


@contextmanager
def running(
    settings: Settings,
    stopping: threading.Event,
    *,
    simulated: bool = False,
    faults: Path | None = None,
    latency_s: float = 0.0,
    doubled: Collection[str] = (),
) -> Iterator[Site]:
    """Start everything, give it once it answers, and stop everything at the end of the block.

    With `simulated`, the portals are simulated ones even where the settings name real ones; they
    answer after `latency_s`. The processes that are `doubled` run twice, the second as `NAME.2`.
    """
    settings, notes = with_free_port(settings)
    log = event_log(settings)
    with ExitStack() as stack:
        stack.enter_context(only_one(settings.var))
        stack.callback(embedded.tidy, settings.var, bootstrap.redis_socket(settings))
        supervisor = stack.enter_context(Supervisor(log))
        ground = _Ground(settings, supervisor, log, stopping)
        socket = ground.start_redis()
        notes += without_redis(settings)
        sandbox_url = None
        if simulated or not bootstrap.has_portals(settings):
            settings, sandbox_url = ground.start_sandbox(faults, latency_s)
        app = bootstrap.build(settings, "ops")
        stack.callback(app.close)
        for program in procfile.programs(child_settings(settings)):
            supervisor.launch(program)
            if program.name in doubled:
                supervisor.launch(replace(program, name=f"{program.name}.2"))
        http_url = f"http://{settings.http_host}:{settings.http_port}"
        ground.wait(f"{http_url}/healthz", "the HTTP process")
        yield Site(
            app=app,
            settings=settings,
            supervisor=supervisor,
            log=log,
            http_url=http_url,
            sandbox_url=sandbox_url,
            socket=socket,
            notes=notes,
        )


def without_redis(settings: Settings) -> tuple[str, ...]:
    """Say so where a named Redis does not answer: all the rest runs, and waits for it."""
    found = redis_answers(settings)
    if found.ok:
        return ()
    waits = "requests by HTTP are stored, and what goes by Redis waits for it"
    return (f"Redis at {found.says}: {waits} → {found.remedy}",)


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Keep a second supervisor away from the same folder for as long as the block runs."""
    with (var / "supervisor.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                f"another toritsugi runs in {var}: stop it, or set TORITSUGI_VAR to another folder"
            ) from None
        yield


def with_free_port(settings: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Keep the port if it is free; take another only where nobody asked for this one."""
    host, port = settings.http_host, settings.http_port
    if port and is_free(host, port):
        return settings, ()
    if port and "http_port" in settings.model_fields_set:
        raise Problem(
            f"port {port} on {host} is taken: end what listens there, or set TORITSUGI_HTTP_PORT"
        )
    free = free_port(host)
    notes = (f"port {port} is taken, so HTTP is at {free}",) if port else ()
    return settings.model_copy(update={"http_port": free}), notes


def child_settings(settings: Settings) -> dict[str, str]:
    """Give our variables for a process that starts nothing embedded itself."""
    return {
        **bootstrap.environment(settings),
        "TORITSUGI_REDIS_URL": bootstrap.redis_url(settings),
        "TORITSUGI_DATABASE_URL": bootstrap.database_url(settings),
        "TORITSUGI_LOG_FORMAT": "json",
    }


@dataclass(frozen=True, slots=True)
class _Ground:
    """The embedded parts, each started unless the settings name a real one."""

    settings: Settings
    supervisor: Supervisor
    log: Path
    stopping: threading.Event

    def start_redis(self) -> Path | None:
        socket = bootstrap.redis_socket(self.settings)
        if socket is None:
            return None
        self.supervisor.launch(embedded.program(self.settings.var, socket))
        where = self.settings.var / "redis" / "server.log"
        words = f"the embedded server does not answer: see {where} and {self.log}"
        wait_for(lambda: embedded.answers(socket), words, stopping=self.stopping)
        return socket

    def start_sandbox(self, faults: Path | None, latency_s: float) -> tuple[Settings, str]:
        port = free_port()
        script = () if faults is None else ("--faults", str(faults))
        words = ("--port", str(port), "--latency", str(latency_s), *script)
        self.supervisor.launch(_sandbox(self.settings.var, *words))
        url = f"http://{LOOPBACK}:{port}"
        self.wait(f"{url}/_sandbox/health", "the simulated portals")
        return bootstrap.embedded(self.settings, sandbox_port=port), url

    def wait(self, address: str, what: str) -> None:
        words = f"{what} do not answer at {address}: see {self.log}"
        wait_for(lambda: _answers(address), words, stopping=self.stopping)


def _sandbox(var: Path, *words: str) -> Program:
    state = var.absolute() / SANDBOX
    state.mkdir(parents=True, exist_ok=True)
    command = (sys.executable, "-m", SANDBOX, "--state", str(state), *words)
    return Program(SANDBOX, followed(command), layer=SANDBOX_LAYER)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False
