"""`toritsugi events`: what was told, and telling it again."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="What was told, and telling it again.")


@commands.command("list")
def list_events(
    *,
    since: Annotated[
        str | None, typer.Option(help="Told then or later: a day, or RFC 3339.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--type", help="Only this type, such as request.submitted.")
    ] = None,
    request: Annotated[str | None, typer.Option(help="Only this request's: TR-…")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines on a page.")] = 50,
    after: Annotated[int, typer.Option(min=0, help="Where the page before ended.")] = 0,
    as_json: Json = False,
) -> None:
    """List events, oldest first, and whether they are published."""
    from ops.answers import events  # noqa: PLC0415  (heavy; --help stays quick)

    finish(events.listing(events.Page(since, kind, request, limit, after)), as_json=as_json)


@commands.command("replay")
def replay_events(
    *,
    since: Annotated[str, typer.Option(help="Told then or later: a day, or RFC 3339.")],
    who: Annotated[str | None, typer.Option(help="Who asks for it; your login name.")] = None,
    as_json: Json = False,
) -> None:
    """Publish events again from the ledger, under the same ids: after a flushed Redis, say."""
    from ops.answers import events  # noqa: PLC0415  (heavy; --help stays quick)

    finish(events.replay(since, who), as_json=as_json)
