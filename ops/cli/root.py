"""The table of commands."""

from __future__ import annotations

import typer

from ops.cli import (
    contract,
    deliveries,
    directory,
    events,
    ledger,
    quarantine,
    requests,
    rules,
    senders,
    webhooks,
)
from ops.cli.demo import demo
from ops.cli.doctor import doctor
from ops.cli.drill import drill
from ops.cli.explain import explain
from ops.cli.reconcile import reconcile
from ops.cli.run import run
from ops.cli.submit import submit
from ops.cli.up import up

HELP = """Files support requests of Microsoft partners exactly once, and keeps the account.

Exit status: 0 done, 1 the answer is no or something failed, 2 wrong use or bad input."""


def root() -> typer.Typer:
    """Give the whole command line."""
    app = typer.Typer(help=HELP, add_completion=False, pretty_exceptions_enable=False)
    for command in (demo, up, submit, explain):
        app.command()(command)
    app.add_typer(requests.commands, name="requests")
    app.add_typer(ledger.commands, name="ledger")
    app.add_typer(events.commands, name="events")
    app.add_typer(quarantine.commands, name="quarantine")
    app.add_typer(directory.commands, name="directory")
    app.add_typer(senders.commands, name="senders")
    app.add_typer(webhooks.commands, name="webhooks")
    app.add_typer(deliveries.commands, name="deliveries")
    app.add_typer(rules.commands, name="rules")
    app.add_typer(contract.commands, name="contract")
    for command in (reconcile, doctor, drill):
        app.command()(command)
    app.command(hidden=True)(run)
    return app
