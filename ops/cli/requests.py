"""`toritsugi requests`: what became of requests."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Number, Who, Why, finish

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
def show_request(request: Number, *, as_json: Json = False) -> None:
    """Show everything known of one request."""
    from ops.answers import requests  # noqa: PLC0415  (heavy; --help stays quick)

    finish(requests.story(request), as_json=as_json)


@commands.command("settle")
def settle_request(  # noqa: PLR0913  (one for each thing to be said)
    request: Number,
    *,
    why: Why,
    found: Annotated[str | None, _option("The ticket exists: its number.")] = None,
    absent: Annotated[bool, typer.Option("--absent", help="There is no ticket: file it.")] = False,
    url: Annotated[str | None, _option("The ticket's address, with --found.")] = None,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Settle an uncertain request, once somebody has looked at the portal.

    Example: toritsugi requests settle TR-7Q2M4V8XK0ZB1C3D --found 126112241000004 --why "by phone"
    """
    from ops.answers import settling  # noqa: PLC0415  (heavy; --help stays quick)

    ticket = settling.Ticket(found, absent=absent, url=url)
    finish(settling.settle(request, ticket, who, why), as_json=as_json)


@commands.command("cancel")
def cancel_request(request: Number, *, why: Why, who: Who = None, as_json: Json = False) -> None:
    """Call off a request that has no ticket yet.

    Example: toritsugi requests cancel TR-7Q2M4V8XK0ZB1C3D --why "filed by phone"
    """
    from ops.answers import settling  # noqa: PLC0415  (heavy; --help stays quick)

    finish(settling.cancel(request, who, why), as_json=as_json)
