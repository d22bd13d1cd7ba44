"""One child process: how it is started, and what ties its life to ours.

A child gets a session of its own (Ctrl-C at the terminal is for us to pass on), writes to the event
log, and holds the reading end of a pipe, its lifeline, which ends when we do, however we end.
Only one thread, and one that lives as long as all children, may start them (see `ops.follow`).
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LIFELINE = "TORITSUGI_LIFELINE"
OURS = "TORITSUGI_"


@dataclass(frozen=True, slots=True)
class Program:
    """Something to keep running."""

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables in place of all of ours that this process has."""
    layer: int = 0
    """What stands on another layer is higher, and is stopped before it."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running program."""

    program: Program
    process: subprocess.Popen[bytes]
    lifeline: int

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask_to_stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the child and whatever it started, without asking."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Give the exit status once the child has ended, and leave nothing of it behind."""
        status = self.process.wait()
        self.kill()
        os.close(self.lifeline)
        return status


def start(program: Program, log: Path) -> Child:
    reading, lifeline = os.pipe()
    try:
        with log.open("ab") as sink:
            process = subprocess.Popen(  # noqa: S603  (our own command line)
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
                pass_fds=(reading,),
                env={**_inherited(), **program.settings, LIFELINE: str(reading)},
            )
    except OSError:
        os.close(lifeline)
        raise
    finally:
        os.close(reading)
    return Child(program, process, lifeline)


def _inherited() -> dict[str, str]:
    """Give what is not ours: our settings reach a child only as they were decided here."""
    here = os.environ  # noqa: TID251  (handed on, not read)
    return {name: value for name, value in here.items() if not name.startswith(OURS)}
