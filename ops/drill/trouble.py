"""What each kind of trouble does, and to whom: a table from the kinds of the schedule to deeds.

A deed begins the trouble and gives what puts it right again, if that does not come by itself.
Chooses nothing: the schedule says what comes when.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import redis

from ledger.scratch import NotAway, Scratch
from ops import simulated
from ops.drill.rescue import Rescues
from ops.drill.schedule import Trouble
from ops.site import Site

TIMES = 3
"""So many calls of a portal go wrong."""
DEAD = ("127.0.0.1", "1")
"""An address at which no server of which to be a replica listens."""


class Missed(Exception):
    """The trouble could not be made: its target was down already, say."""


CANNOT = (Missed, NotAway, ProcessLookupError, redis.RedisError, httpx.HTTPError)
"""What a deed raises when it cannot be done now; nothing has changed then."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is to be troubled."""

    site: Site
    database: Scratch
    server: redis.Redis
    rescues: Rescues
    killed: set[int] = field(default_factory=set)
    """Processes that died by our hand."""
    stopped: set[int] = field(default_factory=set)

    @property
    def portals(self) -> str:
        return self.site.sandbox_url or ""

    def pid(self, name: str) -> int:
        found = self.site.supervisor.pids().get(name)
        if found is None:
            raise Missed(f"{name} does not run")
        return found


Remedy = Callable[[], object]
Deed = Callable[[Ground, Trouble], Remedy | None]


# ---- Processes -----------------------------------------------------------------------------------


def _kill(ground: Ground, trouble: Trouble) -> None:
    pid = _stopped(ground, trouble)
    ground.killed.add(pid)
    os.kill(pid, signal.SIGKILL)


def _stop(ground: Ground, trouble: Trouble) -> Remedy:
    if ground.pid(trouble.target) in ground.stopped:
        raise Missed(f"{trouble.target} is stopped already")
    pid = _stopped(ground, trouble)
    ground.stopped.add(pid)

    def go_on() -> None:
        ground.stopped.discard(pid)
        with suppress(ProcessLookupError):  # killed meanwhile
            os.kill(pid, signal.SIGCONT)

    return go_on


def _stopped(ground: Ground, trouble: Trouble) -> int:
    """Stop the process, so that what it holds can be read off before anything worse."""
    pid = ground.pid(trouble.target)
    os.kill(pid, signal.SIGSTOP)
    ground.rescues.befall(trouble, pid)
    return pid


# ---- Redis and the database ----------------------------------------------------------------------


def _flush(ground: Ground, _trouble: Trouble) -> None:
    ground.server.flushall()


def _read_only(ground: Ground, _trouble: Trouble) -> Remedy:
    ground.server.replicaof(*DEAD)
    return lambda: _writable(ground.server)


def _pause(ground: Ground, trouble: Trouble) -> None:
    ground.server.client_pause(round(trouble.length_s * 1000))


def _full(ground: Ground, _trouble: Trouble) -> Remedy:
    ground.server.config_set("maxmemory", 1)
    return lambda: _roomy(ground.server)


def _writable(server: redis.Redis) -> None:
    server.replicaof("NO", "ONE")


def _roomy(server: redis.Redis) -> None:
    server.config_set("maxmemory", 0)


def _away(ground: Ground, trouble: Trouble) -> Remedy:
    ground.rescues.befall(trouble, None)
    stack = ExitStack()
    stack.enter_context(ground.database.away())
    return stack.close


# ---- Portals -------------------------------------------------------------------------------------

Fault = str | Mapping[str, Any]


def _portal(operation: str, fault: Fault, ground: Ground, trouble: Trouble) -> None:
    where = {"portal": trouble.target, "operation": operation}
    simulated.trouble(ground.portals, {**where, "times": TIMES, "fault": fault})


def _calls(fault: Fault) -> Deed:
    return partial(_portal, "*", fault)


def _orders(fault: Fault) -> Deed:
    return partial(_portal, "create", fault)


# ---- The table -----------------------------------------------------------------------------------

DEEDS: Mapping[str, Deed] = {
    "kill": _kill,
    "stop": _stop,
    "flush": _flush,
    "read-only": _read_only,
    "pause": _pause,
    "full": _full,
    "away": _away,
    "429, seconds named": _calls({"status": 429, "retry_after": 2}),
    "429, a date named": _calls({"status": 429, "retry_after": {"date": 3}}),
    "429, a past date named": _calls({"status": 429, "retry_after": "past"}),
    "429, no time named": _calls({"status": 429}),
    "500 to orders": _orders({"status": 500}),
    "slow": _calls({"slow": 4}),
    "cut before the order": _orders("drop_before"),
    "cut after the order": _orders("drop_after"),
    "half an answer": _calls("cut_body"),
    "an error page with 200": _calls("html"),
    "maintenance": _calls({"kind": "maintenance", "retry_after": 3}),
    "revoked": _calls("revoked"),
    "takes no changes": _orders("read_only"),
    "taken, then refused": _orders("operation_failed"),
}


def heal(ground: Ground) -> None:
    """Put right whatever may still be wrong; raise one of `CANNOT` when someone is not there."""
    _writable(ground.server)
    _roomy(ground.server)
    simulated.heal(ground.portals)
