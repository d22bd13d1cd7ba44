"""The table of actors: one for each queue, named like it, taking a request's number."""

from __future__ import annotations

from collections.abc import Callable

import dramatiq

from ledger.requests import ASSESS
from workers.app import QUEUES, App
from workers.assess import assess
from workers.submit import submit

Step = Callable[[App, str], None]

STEPS: dict[str, Step] = {ASSESS: assess, **dict.fromkeys(QUEUES.values(), submit)}


def declare(app: App) -> None:
    """Declare every actor on the app's broker."""
    for queue, step in STEPS.items():
        named = dramatiq.actor(actor_name=queue, queue_name=queue, broker=app.broker)
        named(_bound(app, step))


def _bound(app: App, step: Step) -> Callable[[str], None]:
    def act(request: str) -> None:
        step(app, request)

    return act
