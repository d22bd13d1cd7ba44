"""What commands share: the option for machines, and how an answer ends a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ops.answer import Answer


def _said(words: str | None) -> str | None:
    if words is not None and not words.strip():
        raise typer.BadParameter("is empty")
    return words


Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Number = Annotated[str, typer.Argument(help="A request's number: TR-…", callback=_said)]
Why = Annotated[str, typer.Option(help="What you know and how; kept for good.", callback=_said)]
Who = Annotated[
    str | None, typer.Option(help="Who says so; your login name otherwise.", callback=_said)
]


def finish(answer: Answer, *, as_json: bool) -> None:
    """Print the answer and end the command with its exit status."""
    from ops.output import tell  # noqa: PLC0415  (heavy; --help stays quick)

    raise typer.Exit(tell(answer, as_json=as_json))
