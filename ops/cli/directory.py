"""`toritsugi directory`: partners, agents, customers and contracts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="Partners, agents, customers and contracts.")
Who = Annotated[str | None, typer.Option(help="Who says so; your login name.")]


@commands.command("import")
def import_directory(
    file: Annotated[Path, typer.Argument(help="A directory file (YAML).")],
    *,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Take a directory file in, as a whole or not at all."""
    from ops.answers import directory  # noqa: PLC0415  (heavy; --help stays quick)

    finish(directory.import_file(file, who), as_json=as_json)


@commands.command("export")
def export_directory(
    *,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="With Access IDs and Contract IDs in clear.")
    ] = False,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Print the directory as a file that `directory import` takes: with --secrets, whole."""
    from ops import output  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.answers import directory  # noqa: PLC0415  (as above)

    if as_json:
        output.tell_json_as_it_is(directory.export_document(who, secrets=secrets))
    else:
        output.tell_as_it_is(directory.export_text(who, secrets=secrets))


@commands.command("show")
def show_directory(
    partner: Annotated[str | None, typer.Argument(help="One partner (MPN id); else all.")] = None,
    *,
    as_json: Json = False,
) -> None:
    """Show who may file: agents, customers, and contracts with what they have left."""
    from ops.answers import partners  # noqa: PLC0415  (heavy; --help stays quick)

    finish(partners.show(partner), as_json=as_json)
