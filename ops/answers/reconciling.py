"""The portals' tickets against the ledger: what agrees, what was adopted, what is unexplained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import RenderableType

from adapters.portals.port import Scope, Unasked
from ops import actions
from ops.answer import Answer
from ops.moment import read_moment
from ops.opening import opened
from ops.output import add, line, table
from ops.problem import Problem
from workers.findings import Finding, Item
from workers.reconcile import Compared

NOBODY_TO_ASK = (
    "no portal is set up here, so there is nothing to compare the ledger with; docs/settings.md"
    " names the settings (the simulated portals of toritsugi up are not asked)"
)
WORDS = {
    Finding.ADOPTED: ("adopted", "the ticket is written down, and paid for"),
    Finding.TO_COME: ("to come", "the request finds its ticket when it is filed"),
    Finding.UNDER_WAY: ("in hand", "a worker has the request in hand"),
    Finding.UNEXPLAINED: ("unexplained", ""),
}
WOULD_BE = ("would adopt", "the ticket would be written down, and paid for")


def reconciling(since: str | None, who: str | None, *, dry_run: bool) -> Answer:
    """Compare; the answer is no when something is unexplained, or was not answered."""
    with opened(files=True) as app:
        given, zone = read_moment("--since", since, app.zone), app.zone
        if not app.portals:
            raise Problem(NOBODY_TO_ASK)
        begin, found = actions.reconcile_portals(
            app, given, who=who or actions.whoami(), dry_run=dry_run
        )
    return Answer(
        _document(begin, found, dry_run=dry_run),
        lambda _columns: _pages(begin.astimezone(zone), found, dry_run=dry_run),
        ok=all(one.ok for one in found),
    )


def _document(begin: datetime, found: Sequence[Compared], *, dry_run: bool) -> dict[str, Any]:
    return {
        "ok": all(one.ok for one in found),
        "since": begin,
        "dry_run": dry_run,
        "portals": [
            {
                "portal": one.portal,
                "listed": one.listed,
                **{finding.value: one.number(finding) for finding in Finding},
                "unasked": [_unasked(each) for each in one.unasked],
            }
            for one in found
        ],
        "items": [{"portal": one.portal, **asdict(item)} for one in found for item in one.items],
    }


def _unasked(one: Unasked) -> dict[str, Any]:
    scopes = None if one.scopes is None else [asdict(scope) for scope in one.scopes]
    return {"scopes": scopes, "code": one.error.code, "message": one.error.message}


def _pages(
    begin: datetime, found: Sequence[Compared], *, dry_run: bool
) -> Iterator[RenderableType]:
    yield _head(begin, found)
    yield _numbers(found, dry_run=dry_run)
    for one in found:
        yield from _told(one)
    if rows := [(one.portal, item) for one in found for item in one.items if not item.code]:
        yield _settled(rows, dry_run=dry_run)


def _head(begin: datetime, found: Sequence[Compared]) -> RenderableType:
    unexplained = sum(one.number(Finding.UNEXPLAINED) for one in found)
    unasked = sum(len(one.unasked) for one in found)
    words = f"reconcile: tickets since {begin:%Y-%m-%d %H:%M %Z}; "
    if not unexplained and not unasked:
        return line(f"{words}all is explained", style="green")
    parts = [f"{unexplained} unexplained"] if unexplained else []
    parts += ["not everything could be asked for"] if unasked else []
    return line(words + ", ".join(parts), style="red")


def _numbers(found: Sequence[Compared], *, dry_run: bool) -> RenderableType:
    names = [WOULD_BE[0] if dry_run else WORDS[Finding.ADOPTED][0]]
    names += [WORDS[one][0] for one in WORDS if one != Finding.ADOPTED]
    shown = table("portal!", "asked!", "agree#", *(f"{name}#" for name in names))
    for one in found:
        figures = (one.number(finding) for finding in (Finding.AGREES, *WORDS))
        add(shown, one.portal, "for its list" if one.listed else "one by one", *figures)
    return shown


def _told(one: Compared) -> Iterator[RenderableType]:
    """Say what needs a person, and what to do."""
    if not one.listed:
        yield line(
            f"{one.portal} cannot list: only requests that may have a ticket were asked for, so"
            " a ticket that the ledger has forgotten does not show"
        )
    for unasked in one.unasked:
        yield line(
            f"{one.portal}: {_place(unasked)} cannot be compared: {unasked.error.message}",
            "→ see to that, then reconcile again",
            style="red",
        )
    for item in one.items:
        if item.code:
            ticket = f", ticket {item.number}" if item.number else ""
            yield line(f"{item.request} ({one.portal}{ticket}): {item.says}", style="red")
            yield line(f"  → {item.remedy}")


def _place(unasked: Unasked) -> str:
    if not unasked.scopes:
        return "nothing more"
    first, *others = map(_scope, unasked.scopes)
    return f"{first} (or {len(others)} other tenants)" if others else first


def _scope(scope: Scope) -> str:
    subscription = scope.subscription_id and f"subscription {scope.subscription_id}"
    parts = (f"partner {scope.partner}", scope.customer, subscription)
    return ", ".join(filter(None, parts))


def _settled(rows: Sequence[tuple[str, Item]], *, dry_run: bool) -> RenderableType:
    shown = table("request!", "portal!", "ticket!", "")
    for portal, item in rows:
        adopted = dry_run and item.finding == Finding.ADOPTED
        add(
            shown,
            item.request,
            portal,
            item.number,
            (WOULD_BE if adopted else WORDS[item.finding])[1],
        )
    return shown
