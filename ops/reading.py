"""Reads a file that a person named, or says in a sentence why it cannot be read."""

from __future__ import annotations

from pathlib import Path

from ops.problem import bad_input


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise bad_input(f"{path} cannot be read: {error.strerror}") from None
