"""`toritsugi submit`: requests from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json

Files = Annotated[
    list[Path], typer.Argument(help=".json, .jsonl, .csv or .eml, any number of them.")
]


def submit(files: Files, *, as_json: Json = False) -> None:
    """Store the requests of these files, whether or not anything runs; a receipt for each."""
    from ops.answers import submitting  # noqa: PLC0415  (heavy; --help stays quick)

    raise typer.Exit(submitting.submit(files, as_json=as_json))
