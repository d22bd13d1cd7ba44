"""`toritsugi demo`: the main job, end to end, on sample requests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json

Samples = Annotated[
    Path | None,
    typer.Option(help="Folder with directory.yaml, http/, stream/, files/ and expected.csv."),
]


def demo(*, samples: Samples = None, as_json: Json = False) -> None:
    """Feed sample requests through every way in, and prove what became of them."""
    from ops.demo.play import play  # noqa: PLC0415  (heavy; --help stays quick)

    raise typer.Exit(play(samples, as_json=as_json))
