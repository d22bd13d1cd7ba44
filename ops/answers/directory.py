"""Taking in a directory file: as a whole, or with every fault and its line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from contracts.directory import Directory
from contracts.directory_faults import DirectoryFault
from contracts.directory_file import read_directory
from ops import actions
from ops.answer import Answer
from ops.opening import opened
from ops.output import line
from ops.problem import bad_input
from ops.reading import read_bytes


def import_file(path: Path, who: str | None) -> Answer:
    directory = read(path)
    with opened() as app:
        done = actions.import_directory(app, directory, who=who or actions.whoami())
    woken = f"; {done.woken} held requests are decided again" if done.woken else ""
    words = f"{done.partners} partners and {done.contracts} contracts taken in{woken}"
    return Answer(asdict(done), lambda _columns: [line(words)])


def read(path: Path) -> Directory:
    """Read the file; raise `Problem` with every fault."""
    try:
        return read_directory(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise bad_input(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    except DirectoryFault as broken:
        faults = [asdict(fault) for fault in broken.faults]
        raise bad_input(f"{path} is broken, so nothing was taken in; correct:", faults) from None
