"""`toritsugi reconcile`: the portals' tickets against the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, finish


def reconcile(
    *,
    since: Annotated[
        str | None,
        typer.Option(help="Tickets created then or later: a day, or RFC 3339. Else 500 days."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Adopt nothing, only say.")] = False,
    who: Annotated[str | None, typer.Option(help="Who says so; your login name.")] = None,
    as_json: Json = False,
) -> None:
    """Compare the portals' tickets with the ledger, and adopt what a restored backup forgot."""
    from ops.answers import reconciling  # noqa: PLC0415  (heavy; --help stays quick)

    finish(reconciling.reconciling(since, who, dry_run=dry_run), as_json=as_json)
