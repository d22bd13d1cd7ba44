"""Reads a file that a person named, or says in a sentence why it cannot be read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from contracts.directory import Directory
from contracts.directory_faults import DirectoryFault
from contracts.directory_file import read_directory
from ops.problem import bad_input


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise bad_input(f"{path} cannot be read: {error.strerror}") from None


def read_directory_file(path: Path) -> Directory:
    """Read the file as a whole; raise `Problem` with every fault and its line."""
    try:
        return read_directory(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise bad_input(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    except DirectoryFault as broken:
        faults = [asdict(fault) for fault in broken.faults]
        raise bad_input(f"{path} is broken, so nothing of it is used; correct:", faults) from None
