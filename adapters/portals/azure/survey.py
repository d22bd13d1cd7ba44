"""Which of Azure's lists are asked, with whose sign-in. Never calls anything itself.

A subscription lives in one tenant, and its list is the same for whoever may see it: the tenants
that come into question are tried until one opens it. Without a subscription each tenant has a
list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from adapters.errors import TryLater
from adapters.portals.port import Held, Listing, Scope, Unasked

_ANOTHER_TENANT = frozenset({"unauthorized", "SubscriptionNotFound"})


def survey(scopes: Iterable[Scope], ask: Callable[[Scope], Sequence[Held]]) -> Listing:
    """Put all lists together; those that nobody could open are told apart."""
    held: list[Held] = []
    unasked = []
    for tenants in _lists(scopes):
        try:
            held += _first(tenants, ask)
        except TryLater as error:
            unasked.append(Unasked(tenants, error))
    return Listing(tuple(held), tuple(unasked))


def _lists(scopes: Iterable[Scope]) -> list[tuple[Scope, ...]]:
    """Give the scopes that lead to each list."""
    lists: dict[Scope, list[Scope]] = {}
    for scope in scopes:
        of_all = Scope(scope.partner, None, scope.subscription_id)
        lists.setdefault(of_all if scope.subscription_id else scope, []).append(scope)
    return [tuple(tenants) for tenants in lists.values()]


def _first(tenants: Sequence[Scope], ask: Callable[[Scope], Sequence[Held]]) -> Sequence[Held]:
    """Ask until a tenant opens the list; else raise what the likeliest one answered."""
    first: TryLater | None = None
    for tenant in tenants:
        try:
            return ask(tenant)
        except TryLater as error:
            first = first or error
            if error.code not in _ANOTHER_TENANT:
                break
    raise first or AssertionError("a list has a scope")
