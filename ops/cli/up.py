"""`toritsugi up`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import typer

from ops.cli.options import Json


def up(*, as_json: Json = False) -> None:
    """Run everything here, with embedded parts where the settings name none; stay until Ctrl-C."""
    from ops import staying  # noqa: PLC0415  (heavy; --help stays quick)

    raise typer.Exit(staying.up(as_json=as_json))
