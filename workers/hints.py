"""Hinting workers at requests. Never raises for a broker that is away: the sweep hints again."""

from __future__ import annotations

from collections.abc import Sequence

import redis
import structlog

from workers.app import App

log = structlog.get_logger()


def hint(app: App, queue: str, requests: Sequence[str]) -> bool:
    """Tell the workers of `queue` that these requests are due; whether Redis took it."""
    try:
        app.broker.offer(queue, requests)
    except redis.RedisError as error:
        log.warning("hint.lost", queue=queue, number=len(requests), error=type(error).__name__)
        return False
    return True


def has_room(app: App, queue: str) -> bool:
    """Whether `queue` is short enough to hint directly, out of the sweep's fair order."""
    try:
        return app.broker.depth(queue) < app.limits.hints_waiting
    except redis.RedisError:
        return False
