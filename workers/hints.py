"""Hinting workers at requests. Never raises for a broker that is away: the sweep hints again."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from workers.app import App
from workers.broker import BrokerAway

log = structlog.get_logger()


def hint(app: App, queue: str, requests: Sequence[str]) -> bool:
    """Tell the workers of `queue` that these requests are due; whether the broker took it."""
    try:
        app.broker.offer(queue, requests)
    except BrokerAway as error:
        log.warning("hint.lost", queue=queue, number=len(requests), error=str(error))
        return False
    return True


def has_room(app: App, queue: str) -> bool:
    """Whether `queue` is short enough to hint directly, out of the sweep's fair order."""
    try:
        return app.broker.depth(queue) < app.limits.hints_waiting
    except BrokerAway:
        return False
