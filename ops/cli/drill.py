"""`toritsugi drill`: whether anything is lost or done twice under trouble."""

from __future__ import annotations

import re
import secrets
from typing import Annotated

import typer

from ops.cli.options import Json

SEEDS = 1_000_000
RATE = re.compile(r"(?P<number>\d+(\.\d+)?)(/s)?")


def drill(
    *,
    minutes: Annotated[float, typer.Option(min=0.05, max=1440, help="How long trouble comes.")] = 5,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed brings the same trouble; drawn.")
    ] = None,
    rate: Annotated[str, typer.Option(help="New requests a second, such as 5/s.")] = "5/s",
    database: Annotated[
        str | None,
        typer.Option(help="A PostgreSQL server's URL, for a database of the drill's own; SQLite."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Send requests, make trouble meanwhile, and count what became of each; 0: nothing wrong."""
    from ops.drill.course import Plan  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.drill.play import play  # noqa: PLC0415  (as above)

    seed = secrets.randbelow(SEEDS) if seed is None else seed
    raise typer.Exit(play(Plan(minutes, seed, _rate(rate), database), as_json=as_json))


def _rate(text: str) -> float:
    from ops.problem import bad_input  # noqa: PLC0415  (as above)

    found = RATE.fullmatch(text)
    number = float(found["number"]) if found else 0.0
    if not number:
        raise bad_input(f"--rate: {text} is no rate; write 5/s")
    return number
