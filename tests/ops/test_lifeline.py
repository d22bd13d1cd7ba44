from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ops import lifeline

STUBBORN = """
import signal, sys
from ops import lifeline
signal.signal(signal.SIGTERM, signal.SIG_IGN)
assert lifeline.watch(int(sys.argv[1]), grace_s=0.05)
while True: signal.pause()
"""


def test_a_stray_number_is_no_lifeline(tmp_path: Path) -> None:
    """A variable inherited from elsewhere stops nobody."""
    with (tmp_path / "file").open("w") as file:
        assert not lifeline.watch(file.fileno())
    assert not lifeline.watch(1_000_000)


def test_who_ignores_the_end_of_the_lifeline_is_ended() -> None:
    """A process that hangs while it should stop does not hang for ever."""
    reading, writing = os.pipe()
    command = [sys.executable, "-c", STUBBORN, str(reading)]
    with subprocess.Popen(command, pass_fds=[reading]) as process:  # noqa: S603  (our own)
        os.close(reading)
        os.close(writing)
        assert process.wait(timeout=20) == 1
