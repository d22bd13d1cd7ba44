"""`toritsugi quarantine`: messages that could not be read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="Messages that could not be read.")
Number = Annotated[str, typer.Argument(help="A message's number: Q-…")]
Who = Annotated[str | None, typer.Option(help="Who says so; your login name.")]
Why = Annotated[str, typer.Option(help="What you know; kept with the message.")]


def _option(words: str) -> object:
    return typer.Option(help=words)


@commands.command("list")
def list_quarantine(  # noqa: PLR0913  (one for each filter)
    *,
    code: Annotated[str | None, _option("Only what is wrong in this way: not_json …")] = None,
    channel: Annotated[str | None, _option("Only what came by this way: stream, mail …")] = None,
    since: Annotated[str | None, _option("Received then or later: a day, or RFC 3339.")] = None,
    ended: Annotated[bool, typer.Option("--all", help="With those released or dropped.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Lines on a page.")] = 50,
    after: Annotated[str | None, _option("Where the page before ended.")] = None,
    as_json: Json = False,
) -> None:
    """List what waits for a person, oldest first."""
    from ops.answers import quarantine  # noqa: PLC0415  (heavy; --help stays quick)

    page = quarantine.Page(code, channel, since, ended, limit, after)
    finish(quarantine.listing(page), as_json=as_json)


@commands.command("show")
def show_quarantined(
    which: Number,
    *,
    raw: Annotated[bool, typer.Option("--raw", help="The message itself, secrets masked.")] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="With --raw: its bytes as they came, in clear.")
    ] = False,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Show what is wrong with a message, and where in it; secrets are masked."""
    from ops import output  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.answers import quarantine  # noqa: PLC0415  (as above)

    if not raw:
        if secrets:
            from ops.problem import bad_input  # noqa: PLC0415  (as above)

            raise bad_input("--secrets is of the message itself: say --raw --secrets")
        finish(quarantine.show(which), as_json=as_json)
    if as_json:
        document = quarantine.document_as_it_came(which, who, secrets=secrets)
        output.tell_json_as_it_is(document)
    elif secrets:
        output.tell_bytes(quarantine.bytes_as_they_came(which, who))
    else:
        output.tell_as_it_is(quarantine.text_as_it_came(which))


@commands.command("release")
def release_quarantined(
    which: Annotated[str | None, typer.Argument(help="A message's number: Q-…")] = None,
    *,
    why: Why,
    file: Annotated[
        Path | None, typer.Option("--with", help="Feed in this file instead: the message, mended.")
    ] = None,
    code: Annotated[
        str | None, _option("Release all that wait with this code, as they came.")
    ] = None,
    who: Who = None,
    as_json: Json = False,
) -> None:
    """Feed a message in again by the way it came; who sent it is then taken on your word.

    Example: toritsugi quarantine release Q-04C2… --with m.json --why "comma put right"
    """
    from ops.answers import quarantine  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.problem import bad_input  # noqa: PLC0415  (as above)

    if which is not None and code is None:
        finish(quarantine.release(which, file, who, why), as_json=as_json)
    if which is None and code is not None and file is None:
        finish(quarantine.release_all(code, who, why), as_json=as_json)
    raise bad_input("say either a message's number, perhaps --with FILE, or --code CODE")


@commands.command("drop")
def drop_quarantined(which: Number, *, why: Why, who: Who = None, as_json: Json = False) -> None:
    """Say that nothing will become of a message; it is kept as it came."""
    from ops.answers import quarantine  # noqa: PLC0415  (heavy; --help stays quick)

    finish(quarantine.drop(which, who, why), as_json=as_json)
