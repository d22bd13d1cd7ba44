"""The events that were told: listed from the ledger, and published again from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from contracts.events import EVENTS
from ledger import views
from ledger.views import Told
from ops import actions
from ops.answer import Answer
from ops.moment import local, moment_of, read_moment
from ops.opening import opened
from ops.output import WIDE, add, line, table, whole
from ops.problem import bad_input

BEFORE, BEHIND = "toritsugi.", ".v1"
"""What every type begins and ends with; people may leave it out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of which events."""

    since: str | None
    kind: str | None
    request: str | None
    most: int
    after: int


def listing(page: Page) -> Answer:
    """List one page; `next` in the document is where the following one starts."""
    with opened() as app:
        since, kind = read_moment("--since", page.since, app.zone), page.kind and type_of(page.kind)
        found = app.store.read(
            lambda db: views.events(
                db,
                most=page.most + 1,
                after=page.after,
                since=since,
                kind=kind,
                request=page.request,
            )
        )
        told, more = found[: page.most], len(found) > page.most
        following = told[-1].position if more else None
        document = {"items": [asdict(one) for one in told], "next": following}
        return Answer(document, lambda columns: _list(told, following, columns, app.zone))


def replay(since: str, who: str | None) -> Answer:
    """Publish again what was told since; the clock process does it, oldest first."""
    with opened() as app:
        moment = moment_of("--since", since, app.zone)
        number = actions.replay_events(app, moment, who=who or actions.whoami())
    words = f"{number} events are published again, as soon as a clock process runs"
    return Answer({"events": number, "since": moment}, lambda _columns: [line(words)])


def type_of(text: str) -> str:
    """Give the whole type; raise `Problem` when there is none of that name."""
    kind = text if text.startswith(BEFORE) else f"{BEFORE}{text}{BEHIND}"
    if kind not in EVENTS:
        known = ", ".join(map(short_type, EVENTS))
        raise bad_input(f"--type: there is no event {text}; choose one of {known}")
    return kind


def short_type(kind: str) -> str:
    return kind.removeprefix(BEFORE).removesuffix(BEHIND)


def _list(
    told: Sequence[Told], following: int | None, columns: int, zone: ZoneInfo
) -> Iterator[RenderableType]:
    wide = columns >= WIDE
    headings = ("at!", "event!", "request!", "sequence#", "published!", "id!")
    found = table(*headings[: None if wide else -1], zone=zone)
    for one in told:
        shown = (local(one.created_at, zone), short_type(one.type), one.request, one.sequence)
        published = local(one.published_at, zone) or "waits"
        add(found, *shown, published, *((one.id,) if wide else ()))
    yield found if told else line("no events")
    if following is not None:
        yield whole("more:", f"--after {following}")
