"""Sends samples the way a sender would: through HTTP, the stream and files, until it is answered.

What is not answered is sent again under the same key, which changes nothing if it had arrived.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import PurePath

import httpx
import orjson
import redis

from adapters.inbound.files import read_file
from ops import actions, event_reader
from ops.demo.samples import Delivery
from ops.site import Site
from workers.listeners.http import formats

AGAIN_AFTER_S = 3.0
TIMES = 10
BLOCK_MS = 250

Way = Callable[[Site, Sequence[Delivery], threading.Event], None]


def by_http(site: Site, deliveries: Sequence[Delivery], done: threading.Event) -> None:
    """Post each; a server that is away or unwell is asked again."""
    with httpx.Client(base_url=site.http_url, trust_env=False) as client:
        for delivery in deliveries:
            while not _posted(client, delivery) and not done.wait(0.5):
                pass


def _posted(client: httpx.Client, delivery: Delivery) -> bool:
    headers = {"Content-Type": delivery.content_type}
    if delivery.content_type == formats.DATA:
        headers["Idempotency-Key"] = PurePath(delivery.name).stem
    try:
        answer = client.post("/v1/requests", content=delivery.raw, headers=headers)
    except httpx.TransportError:
        return False
    return answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR


def by_file(site: Site, deliveries: Sequence[Delivery], done: threading.Event) -> None:
    """Hand over as `toritsugi submit` does."""
    for delivery in deliveries:
        if not done.is_set():
            list(actions.submit(site.app, read_file(delivery.name, delivery.raw)))


# ---- The stream ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A delivery nobody has answered yet."""

    delivery: Delivery
    sent_at: float = field(default=-AGAIN_AFTER_S)
    times: int = 0


def by_stream(site: Site, deliveries: Sequence[Delivery], done: threading.Event) -> None:
    """Add each to the stream, until an event answers it: even a flushed Redis loses nothing."""
    waiting = {one.samples[0].number: _Open(one) for one in deliveries}
    last = "0"
    while waiting and not done.is_set():
        try:
            for one in waiting.values():
                _add(site, one)
            last, subjects = _events(site, last)
        except redis.RedisError:
            done.wait(0.5)
            continue
        for subject in subjects:
            waiting.pop(subject, None)
        waiting = {name: one for name, one in waiting.items() if one.times < TIMES}


def _add(site: Site, one: _Open) -> None:
    if time.monotonic() - one.sent_at >= AGAIN_AFTER_S:
        site.app.redis.xadd(site.app.requests_stream, {"event": one.delivery.raw})
        one.sent_at = time.monotonic()
        one.times += 1


def _events(site: Site, last: str) -> tuple[str, list[str]]:
    """Wait for events; give the last one's place, and whose number each names."""
    stream = site.app.events_stream
    entries = event_reader.read(site.app.redis, stream, last, most=500, block_ms=BLOCK_MS)
    subjects = [orjson.loads(body).get("subject", "") for _, body in entries]
    return entries[-1][0] if entries else last, subjects


# ---- All ways at once ----------------------------------------------------------------------------

WAYS: dict[str, Way] = {"http": by_http, "stream": by_stream, "file": by_file}


@contextmanager
def sending(site: Site, deliveries: Sequence[Delivery]) -> Iterator[list[Future[None]]]:
    """Send everything while the block runs, each way by itself."""
    done = threading.Event()
    with ThreadPoolExecutor(len(WAYS), thread_name_prefix="sender") as pool:
        try:
            yield [
                pool.submit(send, site, [one for one in deliveries if one.way == way], done)
                for way, send in WAYS.items()
            ]
        finally:
            done.set()
