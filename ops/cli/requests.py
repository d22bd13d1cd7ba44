"""`toritsugi requests`: what became of requests."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="What became of requests.")


def _option(words: str) -> object:
    return typer.Option(help=words)


@commands.command("list")
def list_requests(  # noqa: PLR0913  (one for each filter)
    *,
    state: Annotated[str | None, _option("Only those in this state.")] = None,
    partner: Annotated[str | None, _option("Only this partner's (MPN id).")] = None,
    route: Annotated[str | None, _option("azure, office, onprem or partner_portal.")] = None,
    code: Annotated[str | None, _option("Only those with this reason or error code.")] = None,
    contract: Annotated[str | None, _option("Only those on this contract, by name.")] = None,
    since: Annotated[str | None, _option("Received then or later: a day, or RFC 3339.")] = None,
    until: Annotated[str | None, _option("Received before: a day, or RFC 3339.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines on a page.")] = 50,
    after: Annotated[str | None, _option("Where the page before ended.")] = None,
    as_json: Json = False,
) -> None:
    """List requests, oldest first."""
    from ops.answers import requests  # noqa: PLC0415  (heavy; --help stays quick)

    equal = {
        "state": state, "partner": partner, "route": route, "code": code, "contract": contract,
    }  # fmt: skip
    page = requests.Page(equal, since, until, limit, after)
    finish(requests.listing(page), as_json=as_json)


@commands.command("show")
def show_request(
    request: Annotated[str, typer.Argument(help="A request's number: TR-…")],
    *,
    as_json: Json = False,
) -> None:
    """Show everything known of one request."""
    from ops.answers import requests  # noqa: PLC0415  (heavy; --help stays quick)

    finish(requests.story(request), as_json=as_json)
