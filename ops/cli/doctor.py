"""`toritsugi doctor`: whether everything that is needed is there."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, finish


def doctor(
    *,
    settings: Annotated[bool, typer.Option("--settings", help="Print the settings.")] = False,
    as_json: Json = False,
) -> None:
    """Check broker, database, portals, clock and secrets; one line each, with what to do."""
    from ops.answers import doctor as answers  # noqa: PLC0415  (heavy; --help stays quick)

    finish(answers.settings() if settings else answers.checks(), as_json=as_json)
