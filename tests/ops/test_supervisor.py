from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.child import Program
from ops.follow import followed
from ops.supervisor import Manners, Supervisor
from tests.ops.door import (
    FOLLOW_LIFELINE,
    IGNORE,
    LEAVE_AT_ONCE,
    STAY,
    WITH_A_CHILD,
    Door,
)

Events = Callable[[str], list[dict[str, Any]]]
QUICK = Manners(pauses_s=(0.0, 0.02, 0.05), grace_s=0.5)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Give the file that children write to."""
    return tmp_path / "log"


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Events:
    """Give the events of one name that were logged so far."""
    caplog.set_level("INFO")

    def named(name: str) -> list[dict[str, Any]]:
        logged = [one.msg for one in caplog.records]
        return [one for one in logged if isinstance(one, dict) and one["event"] == name]

    return named


def test_a_killed_child_is_started_again(door: Door, log: Path) -> None:
    """Whoever is killed has a successor at once, and it can be named."""
    with Supervisor(log, QUICK) as supervisor:
        supervisor.launch(Program("guest", door.guest(STAY, "guest")))
        first = door.welcome()
        os.kill(first.pid, signal.SIGKILL)
        second = door.welcome()
        assert second.pid != first.pid
        assert supervisor.pids() == {"guest": second.pid}


def test_the_pauses_grow(door: Door, log: Path, events: Events) -> None:
    """What never lives long is started at once the first time, and then later and later."""
    with Supervisor(log, QUICK) as supervisor:
        supervisor.launch(Program("guest", door.guest(LEAVE_AT_ONCE, "guest")))
        for _ in range(5):
            door.welcome()
    pauses = [one["starts_in_s"] for one in events("process.ended")]
    assert pauses[:4] == [0.0, 0.02, 0.05, 0.05]


def test_a_long_life_begins_the_pauses_anew(door: Door, log: Path) -> None:
    """A program that ran well is not punished for how it began."""
    always_long = Manners(pauses_s=(0.0, 60.0), long_life_s=0.0)
    with Supervisor(log, always_long) as supervisor:
        supervisor.launch(Program("guest", door.guest(LEAVE_AT_ONCE, "guest")))
        assert len({door.welcome().pid for _ in range(3)}) == 3


def test_stop_goes_down_layer_by_layer(door: Door, log: Path) -> None:
    """What stands on another layer is stopped, wholly, before it."""
    with Supervisor(log) as supervisor:
        for name, layer in (("ground", 0), ("worker", 2), ("middle", 1)):
            supervisor.launch(Program(name, door.guest(STAY, name), layer=layer))
        guests = {guest.name: guest for guest in (door.welcome() for _ in range(3))}
    asked = {name: float(guest.farewell()) for name, guest in guests.items()}
    assert asked["worker"] < asked["middle"] < asked["ground"]


def test_who_does_not_listen_is_killed(door: Door, log: Path, events: Events) -> None:
    """After the grace a child is ended without asking."""
    with Supervisor(log, QUICK) as supervisor:
        supervisor.launch(Program("deaf", door.guest(IGNORE, "deaf")))
        guest = door.welcome()
    assert guest.farewell() == b""
    assert [one["program"] for one in events("process.killed")] == ["deaf"]


def test_a_childs_children_end_with_it(door: Door, log: Path) -> None:
    """Nothing that a killed child had started is left behind."""
    with Supervisor(log, QUICK) as supervisor:
        supervisor.launch(Program("parent", door.guest(WITH_A_CHILD, "parent", STAY)))
        family = {guest.name: guest for guest in (door.welcome(), door.welcome())}
        os.kill(family["parent"].pid, signal.SIGKILL)
        assert family["grandchild"].farewell() == b""
        assert {door.welcome().name, door.welcome().name} == {"parent", "grandchild"}


def test_what_cannot_be_started_does_not_stop_the_others(
    door: Door, log: Path, events: Events
) -> None:
    """A program that is not there is tried again while its neighbours run."""
    with Supervisor(log, QUICK) as supervisor:
        supervisor.launch(Program("nothing", ("./no-such-program",)))
        supervisor.launch(Program("guest", door.guest(STAY, "guest")))
        door.welcome()
    assert [one["program"] for one in events("process.not_started")]


def test_output_goes_to_the_log(door: Door, log: Path) -> None:
    """What a child writes, on either stream, is appended to the one log."""
    log.write_text("before\n")
    script = LEAVE_AT_ONCE + "print('said', flush=True); print('cried', file=sys.stderr)\n"
    with Supervisor(log, Manners(pauses_s=(60.0,))) as supervisor:
        supervisor.launch(Program("guest", door.guest(script, "guest")))
        door.welcome().farewell()
    assert log.read_text().split() == ["before", "said", "cried"]


SUPERVISING = """
import sys, threading
from pathlib import Path
from ops.child import Program
from ops.follow import followed
from ops.supervisor import Supervisor
log, *commands = sys.argv[1:]
own, stranger = commands[:int(commands[-1])], commands[int(commands[-1]):-1]
with Supervisor(Path(log)) as supervisor:
    supervisor.launch(Program("own", tuple(own)))
    supervisor.launch(Program("stranger", followed(stranger)))
    threading.Event().wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a stranger follows by prctl, on Linux only")
def test_nothing_survives_a_killed_supervisor(door: Door, log: Path) -> None:
    """Our own processes leave by their lifeline, strangers by the system's hand."""
    own, stranger = door.guest(FOLLOW_LIFELINE, "own"), door.guest(STAY, "stranger")
    command = [sys.executable, "-c", SUPERVISING, str(log), *own, *stranger, str(len(own))]
    with subprocess.Popen(command) as supervisor:  # noqa: S603  (our own command line)
        guests = [door.welcome(), door.welcome()]
        supervisor.kill()
    for guest in guests:
        guest.farewell()
    assert {guest.name for guest in guests} == {"own", "stranger"}


def test_a_follower_leaves_when_its_parent_is_gone_already(door: Door) -> None:
    """Whoever started it may have ended before it could ask to be told."""
    command = list(followed(door.guest(STAY, "late")))
    command[command.index("--parent") + 1] = "1"
    done = subprocess.run(command, check=False, timeout=20)  # noqa: S603  (our own command line)
    assert done.returncode == 1
