"""Ends this process when the one that started it is gone, however that one ended.

The lifeline is the reading end of a pipe whose other end the supervisor holds and never writes to:
end of file means that nobody supervises us any more.
"""

from __future__ import annotations

import fcntl
import os
import signal
import stat
import threading

GRACE_S = 20.0


def watch(descriptor: int, *, grace_s: float = GRACE_S) -> bool:
    """Ask this process to stop (SIGTERM) at the lifeline's end, and insist after a while.

    A number that is no pipe is not a lifeline (the variable was inherited): nothing is watched.
    """
    try:
        if not stat.S_ISFIFO(os.fstat(descriptor).st_mode):
            return False
        fcntl.fcntl(descriptor, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    except OSError:
        return False
    threading.Thread(
        target=_follow, args=(descriptor, grace_s), name="lifeline", daemon=True
    ).start()
    return True


def _follow(descriptor: int, grace_s: float) -> None:
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait(grace_s)
    os._exit(1)
