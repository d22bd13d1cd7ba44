"""What commands share: the option for machines, and how an answer ends a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ops.answer import Answer

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]


def finish(answer: Answer, *, as_json: bool) -> None:
    """Print the answer and end the command with its exit status."""
    from ops.output import tell  # noqa: PLC0415  (heavy; --help stays quick)

    raise typer.Exit(tell(answer, as_json=as_json))
