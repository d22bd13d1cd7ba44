"""`toritsugi directory`: partners, agents, customers and contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="Partners, agents, customers and contracts.")
commands.callback()(lambda: None)  # keeps `import` a command of its own


@commands.command("import")
def import_directory(
    file: Annotated[Path, typer.Argument(help="A directory file (YAML).")],
    *,
    who: Annotated[str | None, typer.Option(help="Who says so; your login name.")] = None,
    as_json: Json = False,
) -> None:
    """Take a directory file in, as a whole or not at all."""
    from ops.answers import directory  # noqa: PLC0415  (heavy; --help stays quick)

    finish(directory.import_file(file, who), as_json=as_json)
