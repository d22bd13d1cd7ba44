"""Events on their way out: added with what caused them, published in order, marked afterwards.

An event is never changed once added; publishing it again sends the same bytes under the same id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, case, exists, func, or_, select, update

from contracts.event_data import EventData
from contracts.events import Event, encode
from ledger.clock import now
from ledger.tables import outbox, requests, webhooks


@dataclass(frozen=True, slots=True)
class Cause:
    """The request that an event speaks of, as far as the event repeats it."""

    request: str
    source: str
    sender_id: str
    partner: str | None
    traceparent: str | None
    extra: Mapping[str, Any]
    replies: bool = False
    """Whether its sender asked for answers besides the event stream."""


@dataclass(frozen=True, slots=True)
class Note:
    """What happened: which event, and what it says beyond request, partner and state."""

    event: type[EventData]
    says: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """An event that waits to be published."""

    position: int
    id: str
    type: str
    request: str | None
    body: bytes
    traceparent: str | None


@dataclass(frozen=True, slots=True)
class Postbox:
    """Puts events into envelopes: ours is the `source`, and each gets an id of its own."""

    source: str
    new_id: Callable[[], str]

    def row(
        self,
        note: Note,
        subject: str,
        at: datetime,
        *,
        correlationid: str | None = None,
        causesource: str | None = None,
        replies: bool = False,
    ) -> dict[str, Any]:
        """Give the outbox row of an event that belongs to no request."""
        event = Event(
            id=self.new_id(),
            source=self.source,
            subject=subject,
            time=at,
            correlationid=correlationid,
            causesource=causesource,
            data=note.event.model_validate(note.says),
        )
        return _row(event, request=None, replies=replies)

    def rows(
        self, cause: Cause, state: str, notes: Sequence[Note], *, last: int, at: datetime
    ) -> list[dict[str, Any]]:
        """Give the outbox rows of a request's next events, numbered so that `last` is the last."""
        of = {
            "request": cause.request,
            "partner": cause.partner,
            "state": state,
            "extra": cause.extra,
        }
        return [
            _row(
                Event(
                    id=self.new_id(),
                    source=self.source,
                    subject=cause.request,
                    time=at,
                    sequence=sequence,
                    correlationid=cause.sender_id,
                    causesource=cause.source,
                    traceparent=cause.traceparent,
                    data=note.event.model_validate({**of, **note.says}),
                ),
                request=cause.request,
                replies=cause.replies,
            )
            for sequence, note in enumerate(notes, last - len(notes) + 1)
        ]


def _row(event: Event, request: str | None, *, replies: bool) -> dict[str, Any]:
    return {
        "replies": replies,
        "id": event.id,
        "request": request,
        "sequence": event.sequence,
        "type": event.type,
        "body": encode(event),
        "created_at": event.time,
    }


class Outlet(Enum):
    """A way out with marks of its own, so that none waits for another that is away."""

    STREAM = "published_at"
    EXCHANGE = "exchanged_at"


EVERY = tuple(Outlet)
NOWHERE = {one.value: None for one in EVERY}

# What has no receiver is routed when it is written: nobody looks at it again.
_receivers = or_(
    bindparam("replies", type_=Boolean), exists().where(webhooks.c.disabled_at.is_(None))
)
ADD = outbox.insert().values(routed_at=case((_receivers, None), else_=now())).inline()
WAITING = {
    one: select(
        outbox.c.position,
        outbox.c.id,
        outbox.c.type,
        outbox.c.request,
        outbox.c.body,
        requests.c.traceparent,
    )
    .outerjoin(requests, requests.c.id == outbox.c.request)
    .where(outbox.c[one.value].is_(None))
    .order_by(outbox.c.position)
    .limit(bindparam("most"))
    for one in EVERY
}
MARK = {
    some: update(outbox)
    .where(outbox.c.position.in_(bindparam("positions", expanding=True)))
    .values({one.value: now() for one in some})
    for some in (EVERY, *((one,) for one in EVERY))
}
AGAIN = update(outbox).where(outbox.c.request.in_(bindparam("ids", expanding=True))).values(NOWHERE)

REPLAY = update(outbox).where(outbox.c.created_at >= bindparam("since")).values(NOWHERE)
UNPUBLISHED = {one: select(func.count()).where(outbox.c[one.value].is_(None)) for one in EVERY}


def add(db: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.execute(ADD, rows)


def waiting(db: Connection, most: int, outlet: Outlet = Outlet.STREAM) -> list[Letter]:
    """Give the oldest events that the outlet does not have, at most so many."""
    return [Letter(*row) for row in db.execute(WAITING[outlet], {"most": most})]


def mark(db: Connection, letters: Sequence[Letter], outlets: tuple[Outlet, ...] = EVERY) -> None:
    """Write down that these outlets have them; every outlet, or one."""
    db.execute(MARK[outlets], {"positions": [letter.position for letter in letters]})


def send_again(db: Connection, numbers: Sequence[str]) -> None:
    """Publish all events of these requests once more, under the same ids."""
    if numbers:
        db.execute(AGAIN, {"ids": list(numbers)})


def replay(db: Connection, since: datetime) -> int:
    """Publish every event of that moment or later once more, under the same ids; give how many."""
    return db.execute(REPLAY, {"since": since}).rowcount


def unpublished(db: Connection, outlet: Outlet = Outlet.STREAM) -> int:
    """Give how many events are still to be published there."""
    return int(db.execute(UNPUBLISHED[outlet]).scalar_one())
