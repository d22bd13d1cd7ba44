"""`toritsugi rules`: what the rules say, and where they have it from."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="What the rules say, and where they have it from.")
EditionName = Annotated[
    str | None, typer.Option("--edition", help="An edition of the rules; the one that is set.")
]


@commands.command("list")
def list_rules(*, edition: EditionName = None, as_json: Json = False) -> None:
    """List every rule with its clause in both languages and its section of the article."""
    from ops.answers import rules  # noqa: PLC0415  (heavy; --help stays quick)

    finish(rules.listing(edition), as_json=as_json)


@commands.command("show")
def show_rule(
    rule: Annotated[str, typer.Argument(help="A rule's id, such as P-4.")],
    *,
    edition: EditionName = None,
    as_json: Json = False,
) -> None:
    """Show one rule: clause, section, what it may answer, its dated values and its cases."""
    from ops.answers import rules  # noqa: PLC0415  (heavy; --help stays quick)

    finish(rules.show(rule, edition), as_json=as_json)
