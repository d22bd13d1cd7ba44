"""Becomes a program that knows nothing of us, and yet ends when whoever started it does.

    python -m ops.follow --parent PID [--lock FILE] -- COMMAND…

Linux sends SIGTERM at the end of the thread that started us (`prctl`), even by SIGKILL; on other
systems the program stays when its supervisor is killed, and the next one waits for it at the lock.
The program itself holds the lock for as long as it lives: whoever comes second waits, and takes
over.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1


def followed(command: Sequence[str], *, lock: Path | None = None) -> tuple[str, ...]:
    """Give the command line that runs `command` as a follower of this process."""
    held = () if lock is None else ("--lock", str(lock))
    parent = ("--parent", str(os.getpid()))
    return (sys.executable, "-m", "ops.follow", *parent, *held, "--", *command)


def main() -> None:
    given = _parser().parse_args()
    _leave_with(given.parent)
    if given.lock is not None:
        _hold(given.lock)
    os.execvp(given.command[0], given.command)  # noqa: S606  (what our own supervisor asks for)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m ops.follow")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--lock", type=Path)
    parser.add_argument("command", nargs="+")
    return parser


def _leave_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # gone before we asked to be told
        sys.exit(1)


def _hold(lock: Path) -> None:
    """Wait for the lock and hand it on to the program."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    fcntl.fcntl(descriptor, fcntl.F_SETFD, 0)  # not closed by exec


if __name__ == "__main__":
    main()
