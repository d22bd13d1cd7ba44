"""Whether Redis answers, the embedded server or one that is named. Asks within seconds."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ops.check import Check, fine, wrong
from ops.health_stream import examine_stream
from workers import bootstrap
from workers.bootstrap import Settings

NAME = "broker"
PATIENCE_S = 3
START = "start it with toritsugi up, or name a server of your own in TORITSUGI_REDIS_URL"
LOOK = "see that it runs, and check TORITSUGI_REDIS_URL; without that, toritsugi up has its own"


def examine_redis(settings: Settings) -> Iterator[Check]:
    """Look at the stream of events, too, if there is a server."""
    with _client(settings) as client:
        yield (answers := _answers(client, settings))
        if answers.ok:
            yield examine_stream(client, settings)


def redis_answers(settings: Settings) -> Check:
    with _client(settings) as client:
        return _answers(client, settings)


def _client(settings: Settings) -> redis.Redis:
    return redis.Redis.from_url(
        bootstrap.redis_url(settings),
        socket_timeout=PATIENCE_S,
        socket_connect_timeout=PATIENCE_S,
        retry=Retry(NoBackoff(), 0),
    )


def _answers(client: redis.Redis, settings: Settings) -> Check:
    where = urlsplit(bootstrap.redis_url(settings))
    place = where.path if where.scheme == "unix" else f"{where.hostname}:{where.port or 6379}"
    try:
        client.ping()
    except redis.RedisError as error:
        remedy = START if settings.redis_url is None else LOOK
        return wrong(NAME, f"{place} does not answer ({type(error).__name__})", remedy)
    return fine(NAME, f"answers at {place}")
