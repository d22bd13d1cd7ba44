"""Deliveries to single receivers: listed, and tried again when they were given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from ledger import delivery_list
from ledger.delivery_list import STATES, Line
from ops import actions, webhook_actions
from ops.answer import Answer
from ops.answers.events import short_type
from ops.moment import local
from ops.opening import opened
from ops.output import WIDE, add, line, table, whole
from ops.problem import bad_input
from workers.settle import Word


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which deliveries."""

    state: str | None = None
    receiver: str | None = None
    request: str | None = None
    code: str | None = None

    def equal(self) -> dict[str, str | None]:
        return asdict(self)


def listing(chosen: Chosen, most: int, after: int) -> Answer:
    """List one page; `next` in the document is where the following one starts."""
    if chosen.state is not None and chosen.state not in STATES:
        raise bad_input(f"--state: there is no {chosen.state}; choose one of {', '.join(STATES)}")
    with opened() as app:
        found = app.store.read(
            lambda db: delivery_list.listing(db, chosen.equal(), most=most + 1, after=after)
        )
        shown, zone = found[:most], app.zone
    following = shown[-1].number if len(found) > most else None
    document = {"items": [asdict(one) for one in shown], "next": following}
    return Answer(document, lambda columns: _list(shown, following, columns, zone))


def retry(chosen: Chosen, numbers: Sequence[int], who: str | None, why: str) -> Answer:
    """Make due again what was given up; raise `Problem` when nothing is named."""
    if not numbers and not any(chosen.equal().values()):
        raise bad_input("name deliveries by number, or by --receiver, --request or --code")
    with opened() as app:
        word = Word(who or actions.whoami(), why.strip())
        number = webhook_actions.retry(app, chosen.equal(), numbers, word)
    words = f"{number} deliveries are tried again, as soon as a clock process runs"
    return Answer({"deliveries": number}, lambda _columns: [line(words)])


def _list(
    found: Sequence[Line], following: int | None, columns: int, zone: ZoneInfo
) -> Iterator[RenderableType]:
    more = ("due!",) if columns >= WIDE else ()
    headings = ("number#", "event!", "request!", "receiver", "state!", "tries#", "code!", *more)
    shown = table(*headings, zone=zone if more else None)
    for one in found:
        values = (short_type(one.type), one.request, _receiver(one), one.state, one.attempts)
        due = (local(one.due_at, zone),) if more else ()
        add(shown, one.number, *values, one.code, *due)
    yield shown if found else line("no deliveries")
    if following is not None:
        yield whole("more:", f"--after {following}")


def _receiver(delivery: Line) -> str:
    return f"{delivery.receiver} ({delivery.way})"
