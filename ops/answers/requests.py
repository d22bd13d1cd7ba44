"""Lists of requests, and one request's whole story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from ledger import views
from ledger.states import State
from ledger.views import Filter, Line, Story
from ops.answer import Answer
from ops.answers.events import short_type
from ops.answers.reasons import reason_pages
from ops.moment import local, read_moment
from ops.opening import opened
from ops.output import WIDE, add, line, table, whole
from ops.problem import Problem, bad_input
from ops.unspaced import Unspaced

ALL_BUT_TITLE = 102
SETTLE = (
    "→ look at the portal, then: toritsugi requests settle {} --why TEXT and either --found NUMBER"
    " or --absent"
)
COMPLETE = (
    "→ send an event with an id of its own, {} as its subject, and only what is missing"
    " (docs/sending.md)"
)
ROUTES = ("azure", "office", "onprem", "partner_portal")


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of which list."""

    equal: Mapping[str, str | None]
    since: str | None
    until: str | None
    most: int
    after: str | None


def listing(page: Page) -> Answer:
    """List one page; `next` in the document is where the following one starts."""
    with opened() as app:
        chosen = _filter(page, app.zone)
        after = _mark(page.after)
        found = app.store.read(
            lambda db: views.listing(db, chosen, most=page.most + 1, after=after)
        )
        lines, more = found[: page.most], len(found) > page.most
        following = lines[-1].mark if more else None
        document = {"items": [asdict(one) for one in lines], "next": following}
        return Answer(document, lambda columns: _list(lines, following, columns, app.zone))


def _filter(page: Page, zone: ZoneInfo) -> Filter:
    _known("--state", page.equal["state"], tuple(State))
    _known("--route", page.equal["route"], ROUTES)
    return Filter(
        **page.equal,
        since=read_moment("--since", page.since, zone),
        until=read_moment("--until", page.until, zone),
    )


def _known(option: str, value: str | None, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        raise bad_input(f"{option}: there is no {value}; choose one of {', '.join(choices)}")


def _mark(after: str | None) -> str | None:
    if after is not None:
        moment = after.partition("|")[0]
        if read_moment("--after", moment, ZoneInfo("UTC")) is None or "|" not in after:
            raise bad_input("--after: take the mark from `next` of the page before")
    return after


def _list(
    lines: Sequence[Line], following: str | None, columns: int, zone: ZoneInfo
) -> Iterator[RenderableType]:
    wide = columns >= WIDE
    more = ("partner!", "received!", f"title…{columns - ALL_BUT_TITLE}") if wide else ()
    headings = ("request!", "state!", "product…22", "code or ticket!", *more)
    found = table(*headings, zone=zone if wide else None)
    for one in lines:
        shown = (one.id, one.state, one.product, one.code or one.ticket)
        received = f"{one.received_at.astimezone(zone):%m-%d %H:%M}"
        add(found, *shown, *((one.partner, received, one.title) if wide else ()))
    yield found if lines else line("no requests")
    if following is not None:
        yield whole("more:", f"--after '{following}'")


def story(number: str) -> Answer:
    """Tell one request's story; raise `Problem` for a number that there is not."""
    with opened() as app:
        found = app.store.read(lambda db: views.story(db, number))
        if found is None:
            raise Problem(f"there is no request {number}; toritsugi requests list shows all")
        return Answer(_document(found), lambda _columns: _pages(found, app.zone))


def _document(found: Story) -> dict[str, Any]:
    whole = asdict(found)
    return {**whole.pop("line"), **whole}


def _pages(found: Story, zone: ZoneInfo) -> Iterator[RenderableType]:
    yield _head(found, zone)
    if found.line.state == State.UNCERTAIN:
        yield line(SETTLE.format(found.line.id), style="yellow")
    elif found.verdict is not None and found.line.state != State.CANCELLED:
        yield from reason_pages(found.verdict.get("reasons", ()))
    if found.line.state == State.INCOMPLETE:
        yield line(COMPLETE.format(found.line.id), style="yellow")
    yield from _section("history", found.history, ("at!", "state!", "why", "who"), zone)
    tries = ("number#", "portal!", "started_at!", "outcome!", "code", "message")
    yield from _section("attempts", found.attempts, tries, zone)
    yield from _section(
        "entries", found.entries, ("at!", "contract", "kind!", "amount#", "balance#"), zone
    )
    events = [{"at": one["time"], "event": short_type(one["type"]), **one} for one in found.events]
    yield from _section("events", events, ("at!", "event", "sequence#", "published_at!"), zone)


def _head(found: Story, zone: ZoneInfo) -> RenderableType:
    one, ticket = found.line, found.ticket or {}
    head = table("", "", title=one.id)
    plan = (found.verdict or {}).get("plan") or {}
    rows = {
        "state": one.state,
        "code": one.code,
        "title": one.title,
        "from": f"{one.source} {one.sender_id}",
        "partner": one.partner,
        "product": one.product,
        "route": one.route,
        "plan": plan.get("kind"),
        "contract": one.contract,
        "severity": one.severity,
        "ticket": ticket.get("number"),
        "ticket's address": ticket.get("url"),
        "first answer due": local(ticket.get("first_response_due"), zone),
        "due again": local(found.due_at, zone),
        "times": f"of {zone.key}",
    }
    for name, value in rows.items():
        if value:
            head.add_row(name, Unspaced(str(value)))
    return head


def _section(
    title: str, rows: Sequence[Mapping[str, Any]], headings: Sequence[str], zone: ZoneInfo
) -> Iterator[RenderableType]:
    if not rows:
        return
    found = table(*(name.replace("_at", "") for name in headings), title=f"\n{title}")
    for row in rows:
        add(found, *(local(row.get(name.rstrip("#!")), zone) for name in headings))
    yield found
