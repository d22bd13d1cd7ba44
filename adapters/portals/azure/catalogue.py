"""Azure's own list of services and problem classifications, fetched live and kept for a while.

Ids are never written down anywhere else: Azure asks for them fresh, and renames what they mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from azure.mgmt.support import MicrosoftSupport

from adapters.portals.azure.matching import Choice, Entry, choose_problem, choose_service
from adapters.portals.port import Order

Entries = tuple[Entry, ...]
Read = Callable[[Callable[[], Entries]], Entries]


class Catalogue:
    """What an order is filed under; used by many threads at once.

    Threads that find the same list stale at the same time each fetch it: a lock held over a slow
    call would make all of them wait for one, and the last answer is as good as the first.
    """

    def __init__(self, read: Read, monotonic: Callable[[], float], ttl_s: float) -> None:
        self._read = read
        self._monotonic = monotonic
        self._ttl_s = ttl_s
        self._kept: dict[str, tuple[float, Entries]] = {}

    def choose(self, client: MicrosoftSupport, order: Order) -> Choice:
        """Raise `Refused` when no service comes near the product, `TryLater` without a list."""
        service = choose_service(self._fresh("", lambda: _services(client)), order)
        name = service.id.rpartition("/")[2]
        problems = self._fresh(name, lambda: _problems(client, name))
        problem, literal = choose_problem(problems, order.problem_type)
        said = () if literal or not order.problem_type else (f"Problem type: {order.problem_type}",)
        about = () if order.kind == "technical" else (f"Product: {order.product_name}",)
        return Choice(service.id, problem.id, (*about, *said))

    def _fresh(self, key: str, fetch: Callable[[], Entries]) -> Entries:
        until, entries = self._kept.get(key, (0.0, ()))
        if entries and self._monotonic() < until:
            return entries
        entries = self._read(fetch)
        self._kept[key] = (self._monotonic() + self._ttl_s, entries)
        return entries


def _services(client: MicrosoftSupport) -> Entries:
    return tuple(
        Entry(_id(item.id), item.display_name or "", tuple(item.resource_types or ()))
        for item in client.services.list()
    )


def _problems(client: MicrosoftSupport, service: str) -> Entries:
    listed = client.problem_classifications.list(service)
    return tuple(Entry(_id(item.id), item.display_name or "") for item in listed)


def _id(value: object) -> str:
    # The client's models type what only the service sets as None.
    return cast("str", value)
