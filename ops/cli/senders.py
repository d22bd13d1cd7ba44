"""`toritsugi senders`: systems that may send requests."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, Who, Why, finish

commands = typer.Typer(help="Systems that may send requests, each for its own partners.")
Name = Annotated[str, typer.Argument(help="The sender's name: small letters, digits, hyphens.")]


@commands.command("add")
def add_sender(
    name: Name,
    *,
    partner: Annotated[list[str], typer.Option(help="MPN id it may file for; may be repeated.")],
    source: Annotated[
        str | None, typer.Option(help="The one source of its events; urn:toritsugi:sender:NAME.")
    ] = None,
    signs: Annotated[
        bool, typer.Option("--signs", help="A secret to sign with, in place of an API key.")
    ] = False,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Let a system in. Its key or secret is shown this once.

    Example: toritsugi senders add helpdesk --partner 4612345
    """
    from ops import output  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.answers import senders  # noqa: PLC0415  (as above)

    added = senders.add(senders.Wanted(name, tuple(partner), source, signs=signs), who)
    if as_json:
        output.tell_json_as_it_is(added.document())
    else:
        output.tell_as_it_is(added.page())


@commands.command("list")
def list_senders(*, as_json: Json = False) -> None:
    """List who may send, as what, and for whom."""
    from ops.answers import senders  # noqa: PLC0415  (heavy; --help stays quick)

    finish(senders.listing(), as_json=as_json)


@commands.command("revoke")
def revoke_sender(name: Name, *, why: Why, who: Who = None, as_json: Json = False) -> None:
    """Let a system in no more, from now on; `add` lets it in again under a new key.

    Example: toritsugi senders revoke helpdesk --why "its key was in a mail"
    """
    from ops.answers import senders  # noqa: PLC0415  (heavy; --help stays quick)

    finish(senders.revoke(name, who, why), as_json=as_json)
