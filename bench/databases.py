"""The databases that are measured: one of our own each, made before and gone afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ledger import scratch
from ledger.scratch import Scratch
from ledger.store import DatabaseError
from ops.problem import Problem

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
KINDS = (SQLITE, POSTGRESQL)
SERVER = "TORITSUGI_TEST_POSTGRESQL"
USUAL_SERVER = "postgresql://postgres@127.0.0.1:5432"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Scratch]:
    """Give an empty database of this kind while the block runs."""
    if kind == SQLITE:
        yield scratch.in_folder(folder)
        return
    with ExitStack() as stack:
        try:
            found = stack.enter_context(scratch.on_server(_server(), "bench"))
        except DatabaseError as error:
            raise Problem(f"PostgreSQL cannot be used: {error}") from None
        yield found


def kinds(wanted: str | None) -> Sequence[str]:
    """Say what to measure: what is wanted, or whatever is there."""
    if wanted is not None:
        return [wanted]
    return KINDS if reachable() else [SQLITE]


def reachable() -> bool:
    """Whether a PostgreSQL server answers."""
    return scratch.answers(_server())


def _server() -> str:
    return os.environ.get(SERVER, USUAL_SERVER)  # noqa: TID251  (no setting of a deployment)
