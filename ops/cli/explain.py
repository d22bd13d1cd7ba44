"""`toritsugi explain`: the decision on a request, without side effects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, finish

File = Annotated[Path, typer.Argument(help="The bare data of a request, or a whole CloudEvent.")]
Directory = Annotated[
    Path | None, typer.Option(help="A directory file; without it, the ledger's directory.")
]
Day = Annotated[str | None, typer.Option(help="The day to decide on, such as 2026-04-01; today.")]


def explain(
    file: File, *, directory: Directory = None, on: Day = None, as_json: Json = False
) -> None:
    """Say how a request would be decided, and why: exit status 0 only for eligible."""
    from ops.answers.explaining import explain as explained  # noqa: PLC0415  (heavy; --help stays quick)

    finish(explained(file, directory, on), as_json=as_json)
