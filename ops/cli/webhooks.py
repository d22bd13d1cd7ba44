"""`toritsugi webhooks`: who gets events without asking for them in a request."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Who, Why, finish

commands = typer.Typer(help="Who gets events without asking for them in a request.")
Name = Annotated[str, typer.Argument(help="The webhook's name: small letters, digits, hyphens.")]


@commands.command("add")
def add_webhook(
    name: Name,
    url: Annotated[str, typer.Argument(help="Where events are sent: https://…")],
    *,
    kind: Annotated[
        list[str] | None,
        typer.Option("--type", help="Only this type, such as request.submitted; may be repeated."),
    ] = None,
    partner: Annotated[
        list[str] | None, typer.Option(help="Only this partner's (MPN id); may be repeated.")
    ] = None,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Register a webhook. Its secret is shown this once.

    Example: toritsugi webhooks add crm https://crm.example/hooks/toritsugi --type request.submitted
    """
    from ops import output  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.answers import webhooks  # noqa: PLC0415  (as above)

    added = webhooks.add(name, url, kind or [], partner or [], who)
    if as_json:
        output.tell_json_as_it_is(added.document())
    else:
        output.tell_as_it_is(added.page())


@commands.command("list")
def list_webhooks(*, as_json: Json = False) -> None:
    """List webhooks, what they get, and how they fare."""
    from ops.answers import webhooks  # noqa: PLC0415  (heavy; --help stays quick)

    finish(webhooks.listing(), as_json=as_json)


@commands.command("test")
def try_webhook(name: Name, *, as_json: Json = False) -> None:
    """Send a test event at once: exit status 1 when it is not taken."""
    from ops.answers import webhooks  # noqa: PLC0415  (heavy; --help stays quick)

    finish(webhooks.trial(name), as_json=as_json)


@commands.command("enable")
def enable_webhook(name: Name, *, why: Why, who: Who = None, as_json: Json = False) -> None:
    """Send it events again, beginning with what waits."""
    from ops.answers import webhooks  # noqa: PLC0415  (heavy; --help stays quick)

    finish(webhooks.enable(name, who, why), as_json=as_json)


@commands.command("disable")
def disable_webhook(name: Name, *, why: Why, who: Who = None, as_json: Json = False) -> None:
    """Send it nothing more: what is open waits, what is told meanwhile is not kept for it."""
    from ops.answers import webhooks  # noqa: PLC0415  (heavy; --help stays quick)

    finish(webhooks.disable(name, who, why), as_json=as_json)


@commands.command("remove")
def remove_webhook(name: Name, *, why: Why, who: Who = None, as_json: Json = False) -> None:
    """Forget it, and drop what is open for it."""
    from ops.answers import webhooks  # noqa: PLC0415  (heavy; --help stays quick)

    finish(webhooks.remove(name, who, why), as_json=as_json)
