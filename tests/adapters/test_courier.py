"""The courier between us and RabbitMQ, where a link ends at a bad moment."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, cast

import pytest

from adapters.rabbit.courier import Courier
from adapters.rabbit.link import Link
from adapters.rabbit.parcel import Fate, Parcel
from adapters.rabbit.place import Place, RabbitAway


class DeafLink:
    """A link that ended before it began with what it was given."""

    alive, blocked = True, None

    def send(self, _parcels: Any) -> Future[list[Fate]]:
        return Future()

    def drop(self) -> None:
        self.alive = False


def test_a_link_that_tells_nothing_is_a_server_that_is_away() -> None:
    """Nobody who sends waits for ever, or is told of anything but RabbitMQ."""
    courier = Courier(Place("amqp://127.0.0.1:1", "test", timeout_s=0.01), "test")
    courier._link = cast("Link", DeafLink())
    with pytest.raises(RabbitAway):
        courier.send([cast("Parcel", object())])
    assert not courier._link.alive
