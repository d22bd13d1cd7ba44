"""Puts events on a topic exchange of RabbitMQ, each confirmed. Never decides what an event says.

Events of one request go one after the other: the next is sent when the server has confirmed the one
before, so that none stands before an earlier one, however the connection ends. Those of different
requests go together. What was not confirmed is published again by the caller, and receivers know
repeats by the events' ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import orjson
import structlog

from adapters.rabbit.courier import Courier
from adapters.rabbit.parcel import Fate, Parcel
from adapters.rabbit.place import Place, RabbitAway
from adapters.rabbit.setting_up import bind, connected, make_exchange, make_queue

CONTENT_TYPE = "application/cloudevents+json"
PREFIX = "cloudEvents_"
TOLD = ("specversion", "id", "source", "type", "subject", "time", "sequence", "correlationid",
        "causesource", "traceparent")  # fmt: skip
"""Attributes that stand in the headers too, for bindings that choose by them."""
HAS_IT = {Fate.TAKEN, Fate.UNHEARD}
WAVE_S = 10.0
"""For the confirmations of one wave, each of which is a write to one disk or three."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Event:
    """One on its way: its place in the batch, and whose order it keeps."""

    place: int
    order: str
    parcel: Parcel


class EventExchange:
    """One exchange, and a queue bound to it if events shall wait for a receiver."""

    def __init__(self, place: Place, exchange: str, queue: str | None = None) -> None:
        self._place = place
        self._exchange = exchange
        self._queue = queue
        self._courier = Courier(place, "events")
        self._ready = False
        self._heard = True

    def publish(self, batch: Sequence[bytes]) -> Collection[int]:
        """Publish in the order of each request; give the places of those that the server has.

        Raises `RabbitAway` if it has none of them.
        """
        if not batch:
            return ()
        self._make_ready()
        done: set[int] = set()
        held: set[str] = set()
        for wave in _waves([self._event(place, body) for place, body in enumerate(batch)]):
            going = [one for one in wave if one.order not in held]
            fates = self._send([one.parcel for one in going])
            for one, fate in zip(going, fates, strict=True):
                done.update({one.place} if fate in HAS_IT else ())
                held.update(() if fate in HAS_IT else {one.order})
        if not done:
            raise RabbitAway("nothing was confirmed")
        return done

    def close(self) -> None:
        self._courier.close()

    def _event(self, place: int, body: bytes) -> _Event:
        """Give what is sent: its attributes are read, its bytes stay as they are."""
        said = orjson.loads(body)
        parcel = Parcel(
            id=said["id"],
            exchange=self._exchange,
            key=said["type"],
            body=body,
            content_type=CONTENT_TYPE,
            headers={f"{PREFIX}{name}": str(said[name]) for name in TOLD if name in said},
            type=said["type"],
            correlation=said.get("correlationid"),
        )
        return _Event(place, said.get("subject") or said["id"], parcel)

    def _send(self, parcels: Sequence[Parcel]) -> list[Fate]:
        try:
            fates = self._courier.send(parcels, WAVE_S)
        except RabbitAway:
            fates = [Fate.UNKNOWN] * len(parcels)
        self._ready = self._ready and Fate.UNKNOWN not in fates
        self._notice(set(fates))
        return fates

    def _notice(self, fates: set[Fate]) -> None:
        """Say once that nobody is bound who wants the events, for they are dropped then."""
        if Fate.UNHEARD in fates and self._heard:
            log.warning("events.unheard", exchange=self._exchange)
        if fates & HAS_IT:
            self._heard = Fate.UNHEARD not in fates

    def _make_ready(self) -> None:
        """Make the exchange, and its queue, unless they are there; again after a loss."""
        if self._ready:
            return
        with connected(self._place, "set-up") as connection:
            make_exchange(connection, self._exchange)
            if self._queue is not None:
                make_queue(connection, self._queue)
                bind(connection, self._queue, self._exchange)
        self._ready = True


def _waves(events: Sequence[_Event]) -> list[list[_Event]]:
    """Deal them out so that no wave has two whose order matters."""
    waves: list[list[_Event]] = []
    turns: dict[str, int] = defaultdict(int)
    for one in events:
        if turns[one.order] == len(waves):
            waves.append([])
        waves[turns[one.order]].append(one)
        turns[one.order] += 1
    return waves
