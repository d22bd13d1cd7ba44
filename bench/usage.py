"""What processes have used, from /proc: processor time with all threads and children, peak memory.

Knows nothing where there is no /proc (macOS): the answer is None then, never a guess.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# proc(5), stat: numbered from the field behind the name, which may hold blanks and brackets.
SESSION = 3
TIMES = slice(11, 15)  # user and system time, and those of children that have been waited for
PEAK = "VmHWM:"


@dataclass(frozen=True, slots=True)
class Usage:
    """Since the process began."""

    cpu_s: float
    peak_kib: int


def usages(sessions: Mapping[str, Sequence[int]], proc: Path = PROC) -> dict[str, Usage] | None:
    """Add up each name's sessions: whoever leads a session counts with all that it started."""
    if not (proc / "self" / "stat").exists():
        return None
    names = {leader: name for name, leaders in sessions.items() for leader in leaders}
    found = dict.fromkeys(sessions, Usage(0.0, 0))
    for leader, used in _all(proc):
        if (name := names.get(leader)) is not None:
            before = found[name]
            found[name] = Usage(before.cpu_s + used.cpu_s, before.peak_kib + used.peak_kib)
    return found


def own(proc: Path = PROC) -> Usage | None:
    """Give what this very process has used."""
    found = _read(proc / "self")
    return None if found is None else found[1]


def _all(proc: Path) -> Iterator[tuple[int, Usage]]:
    for entry in proc.iterdir():
        if entry.name.isdigit() and (found := _read(entry)) is not None:
            yield found


def _read(entry: Path) -> tuple[int, Usage] | None:
    """Give a process's session and usage; None for one that has just ended."""
    try:
        fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
        status = (entry / "status").read_text(errors="replace").splitlines()
    except OSError:
        return None
    ticks = sum(map(int, fields[TIMES]))
    peak = next((line.split()[1] for line in status if line.startswith(PEAK)), "0")
    return int(fields[SESSION]), Usage(ticks / ticks_per_s(), int(peak))


def ticks_per_s() -> int:
    """Give the unit in which this system counts processor time."""
    return os.sysconf("SC_CLK_TCK")
