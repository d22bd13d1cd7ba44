"""`toritsugi ledger`: the account of incidents."""

from __future__ import annotations

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="The account of incidents.")


@commands.command()
def balance(*, as_json: Json = False) -> None:
    """Show what every contract has left."""
    from ops.answers import account  # noqa: PLC0415  (heavy; --help stays quick)

    finish(account.balance(), as_json=as_json)


@commands.command()
def entries(*, as_json: Json = False) -> None:
    """Show every entry, oldest first."""
    from ops.answers import account  # noqa: PLC0415  (heavy; --help stays quick)

    finish(account.entries(), as_json=as_json)


@commands.command()
def verify(*, as_json: Json = False) -> None:
    """Prove the account from its rows: exit status 1 when something does not add up."""
    from ops.answers import account  # noqa: PLC0415  (heavy; --help stays quick)

    finish(account.verify(), as_json=as_json)
