"""`toritsugi run NAME`: one process, for whoever supervises (see the Procfile)."""

from __future__ import annotations

from typing import Annotated

import typer

Lifeline = Annotated[
    int | None,
    typer.Option(
        envvar="TORITSUGI_LIFELINE", help="Descriptor of a pipe whose end stops the process."
    ),
]


def run(
    name: Annotated[str, typer.Argument(help="web, intake, worker or clock.")],
    lifeline: Lifeline = None,
) -> None:
    """Run one process of the Procfile until SIGTERM or Ctrl-C."""
    from ops import process  # noqa: PLC0415  (heavy; --help stays quick)

    raise typer.Exit(process.run(name, lifeline))
