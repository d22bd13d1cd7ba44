"""`toritsugi deliveries`: events on their way to single receivers."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Who, Why, finish

commands = typer.Typer(help="Events on their way to single receivers: webhooks and mailboxes.")
State = Annotated[str | None, typer.Option(help="open, sent, given_up or dropped.")]
Receiver = Annotated[str | None, typer.Option(help="Only to this one: hook:NAME, or reply.")]
Request = Annotated[str | None, typer.Option(help="Only this request's: TR-…")]
Code = Annotated[str | None, typer.Option(help="Only those whose last error was this.")]


@commands.command("list")
def list_deliveries(  # noqa: PLR0913  (one for each filter)
    *,
    state: State = None,
    receiver: Receiver = None,
    request: Request = None,
    code: Code = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines on a page.")] = 50,
    after: Annotated[int, typer.Option(min=0, help="Where the page before ended.")] = 0,
    as_json: Json = False,
) -> None:
    """List deliveries, oldest first: what waits, what was sent, what was given up and why."""
    from ops.answers import deliveries  # noqa: PLC0415  (heavy; --help stays quick)

    chosen = deliveries.Chosen(state, receiver, request, code)
    finish(deliveries.listing(chosen, limit, after), as_json=as_json)


@commands.command("retry")
def retry_deliveries(  # noqa: PLR0913  (one for each filter)
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers from the list.")] = None,
    *,
    receiver: Receiver = None,
    request: Request = None,
    code: Code = None,
    why: Why,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Try again what was given up.

    Example: toritsugi deliveries retry --receiver hook:crm --why "their server is back"
    """
    from ops.answers import deliveries  # noqa: PLC0415  (heavy; --help stays quick)

    chosen = deliveries.Chosen(None, receiver, request, code)
    finish(deliveries.retry(chosen, numbers or [], who, why), as_json=as_json)
