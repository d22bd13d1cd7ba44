"""`toritsugi contract`: the contract with other systems, as documents."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.options import Json, finish

commands = typer.Typer(help="The contract with other systems, as documents.")


@commands.command("asyncapi")
def print_asyncapi(*, as_json: Json = False) -> None:
    """Print the AsyncAPI document of streams, queues and webhooks (JSON)."""
    from ops.answers import contract  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.output import tell_json_as_it_is  # noqa: PLC0415  (as above)

    del as_json  # it is JSON either way
    tell_json_as_it_is(contract.asyncapi_document())


@commands.command("openapi")
def print_openapi(*, as_json: Json = False) -> None:
    """Print the OpenAPI document of the HTTP API, webhooks included (JSON)."""
    from ops.answers import contract  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.output import tell_json_as_it_is  # noqa: PLC0415  (as above)

    del as_json  # it is JSON either way
    tell_json_as_it_is(contract.openapi_document())


@commands.command("schema")
def print_schema(
    name: Annotated[
        str | None, typer.Argument(help="A message: request, request.submitted …; else all names.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Print the JSON Schema of a message, or list the messages."""
    from ops.answers import contract  # noqa: PLC0415  (heavy; --help stays quick)
    from ops.output import tell_json_as_it_is  # noqa: PLC0415  (as above)

    if name is None:
        finish(contract.names(), as_json=as_json)
    else:
        tell_json_as_it_is(contract.schema(name))
