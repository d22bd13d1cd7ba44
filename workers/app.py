"""The parts a step may use, chosen once by the composition root. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

import redis

from adapters.portals.port import Portal
from adapters.rabbit.place import Place
from ledger.deliveries import Delivery
from ledger.outbox import Postbox
from ledger.store import Store
from ledger.vault import Vault
from rules.book import RuleBook
from workers.broker import HintBroker
from workers.failpoints import Reach, nothing
from workers.holdings import Holdings
from workers.letterbox import Letterbox
from workers.post import Post


class Carrier(Protocol):
    """Carries a delivery to its receiver by one way; used by many threads at once.

    Raises `TryLater` or `Refused` of `adapters/errors.py`, or `NotWanted`, when it is not taken. It
    ends by itself within `workers.deliver.LONGEST_S` seconds, whatever the receiver does.
    """

    def __call__(self, app: App, delivery: Delivery, /) -> None: ...


@runtime_checkable
class Closing(Protocol):
    """A part that holds something open."""

    def close(self) -> None: ...


class NotWanted(Exception):
    """Nobody wants the delivery any more; `code` says why."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message or code


QUEUES = {"azure": "azure", "office": "office", "onprem": "onprem", "partner_portal": "portal"}
"""Whose workers file what goes by a route."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how often; seconds, tries and bytes."""

    lease_s: float
    deliveries: int
    """Claims without progress before a request is given up as poison."""
    lookups: int
    """Look-ups after a lost answer before a request is left to a person."""
    attempts: int
    """Refusable tries at a portal before a request fails."""
    retry_first_s: float
    retry_most_s: float
    look_after_s: float
    """The least wait before a lost answer is looked up, and between look-ups."""
    promise_s: float
    """How long a request that waits for its portal keeps its incidents promised."""
    park_failures: int
    """Failures in a row, of more than one request, that park a portal."""
    park_first_s: float
    park_most_s: float
    drain_per_s: float
    """How many of the requests that waited a portal is given a second once it is open again."""
    recheck_s: float
    """When a held request is decided again by itself."""
    rehint_s: float
    """After what time a hint that nobody followed is given again."""
    sweep_s: float
    publish_s: float
    webhook_disable_s: float
    """How long a webhook may fail before it is disabled."""
    events_kept_s: float
    """How long an event stays on the stream at least, unless every group has read it."""
    events_kept: int
    events_cap: int | None
    hints_waiting: int
    """How many hints a queue may hold before the sweep waits; keeps the order fair."""
    message_bytes: int
    sender_per_s: float
    """Messages that one sender may post a second, on average."""
    http_read_s: float
    """How long a client may take over the head of a message, and over its body."""
    concurrency: int
    """Steps a process runs at a time, for each queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Everything a process works with."""

    owner: str
    """This process, as leases and logs name it."""
    store: Store
    vault: Vault
    postbox: Postbox
    redis: redis.Redis
    broker: HintBroker
    rabbit: Place | None
    """Where RabbitMQ is, if it is used."""
    portals: Mapping[str, Portal]
    """By route."""
    carriers: Mapping[str, Carrier] = field(default_factory=dict)
    """By way: `webhook`, `mail`. What goes by another way is not even made out."""
    book: RuleBook
    limits: Limits
    zone: ZoneInfo
    http_host: str
    http_port: int
    registered: bool
    """Whether only registered senders are let in."""
    form: str
    """Whom the form is for: `open`, all who reach it; `local`, this machine; `off`, nobody."""
    requests_stream: str
    events_stream: str
    requests_queue: str
    events_exchange: str
    events_queue: str | None
    jitter: Callable[[], float]
    """A number from 0 to 1, drawn anew each time."""
    letterbox: Letterbox | None = None
    """The mailbox that requests come to, if there is one."""
    post: Post | None = None
    """The way out for answers by mail, if there is one."""
    holdings: Holdings = field(default_factory=Holdings)
    reach: Reach = nothing
    """Says where the process stands, so that tests can end it there."""

    def day(self, now: datetime) -> date:
        """Give the day on which a moment of the database's clock falls."""
        return now.astimezone(self.zone).date()

    def close(self) -> None:
        for part in (*self.portals.values(), *self.carriers.values()):
            if isinstance(part, Closing):
                part.close()
        self.broker.close()
        if self.post is not None:
            self.post.smtp.close()
        self.redis.close()
        self.store.close()
