"""What could not be read: listed, shown with the place of its faults, released or dropped."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import RenderableType

from adapters.inbound.again import read_again
from contracts.malformed import Fault, Malformed
from ledger import quarantine
from ledger.quarantine import Chosen, Kept
from ops import actions
from ops.answer import Answer
from ops.answers.settling import word_of
from ops.excerpts import excerpt
from ops.message_text import Shown, shown
from ops.moment import local, read_moment
from ops.opening import opened
from ops.output import WIDE, add, line, table, whole
from ops.problem import Problem, bad_input
from ops.reading import read_bytes
from workers.app import App
from workers.quarantine import Released, Repaired, came

FIELDS = ("channel", "code", "source", "sender_id", "size", "received_at")
ENDED = ("outcome", "request", "ended_at", "who", "why")
NEXT = (
    "→ put it right: toritsugi quarantine show {0} --raw --secrets > m{1}",
    "  feed it in:   toritsugi quarantine release {0} --with m{1} --why TEXT",
    "  or leave it:  toritsugi quarantine drop {0} --why TEXT",
)
ALL_BUT_MESSAGE = 66


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of which list."""

    code: str | None
    channel: str | None
    since: str | None
    ended: bool
    most: int
    after: str | None


def listing(page: Page) -> Answer:
    """List one page; `next` in the document is where the following one starts."""
    with opened() as app:
        since = read_moment("--since", page.since, app.zone)
        chosen = Chosen(page.code, page.channel, since, page.ended)
        after = _mark(page.after)
        found = app.store.read(
            lambda db: quarantine.listing(db, chosen, most=page.most + 1, after=after)
        )
        kept, more = found[: page.most], len(found) > page.most
        following = kept[-1].mark if more else None
        document = {"items": [asdict(one) for one in kept], "next": following}
        return Answer(document, lambda columns: _list(kept, following, columns, app.zone))


def _mark(after: str | None) -> str | None:
    if after is not None:
        moment = after.partition("|")[0]
        if read_moment("--after", moment, ZoneInfo("UTC")) is None or "|" not in after:
            raise bad_input("--after: take the mark from `next` of the page before")
    return after


def _list(
    kept: Sequence[Kept], following: str | None, columns: int, zone: ZoneInfo
) -> Iterator[RenderableType]:
    wide = columns >= WIDE
    more = (f"what is wrong…{columns - ALL_BUT_MESSAGE}",) if wide else ()
    found = table("number!", "received!", "way!", "code!", "became…19", *more, zone=zone)
    for one in kept:
        received = f"{one.received_at.astimezone(zone):%m-%d %H:%M}"
        shown_ = (one.id, received, one.channel, one.code, one.request or one.outcome)
        add(found, *shown_, *((one.message,) if wide else ()))
    yield found if kept else line("nothing in quarantine")
    if following is not None:
        yield whole("more:", f"--after '{following}'")


# ---- One message ---------------------------------------------------------------------------------


def show(which: str) -> Answer:
    """Show what is wrong with a message and where in it, its secrets masked."""
    with opened() as app:
        kept, raw = _one(app, which)
        text = shown(came(kept), raw)
        faults = _faults(app, kept, raw)
    document = {
        **asdict(kept),
        "faults": [_placed(fault, text) for fault in faults],
        "text": text.text,
    }
    return Answer(document, lambda _columns: _pages(kept, faults, text, app.zone))


def text_as_it_came(which: str) -> str:
    """Give the whole message as text, its secrets masked."""
    with opened() as app:
        kept, raw = _one(app, which)
    return shown(came(kept), raw).text.rstrip("\n") + "\n"


def bytes_as_they_came(which: str, who: str | None) -> bytes:
    """Give the message with its secrets; who takes it is written down."""
    with opened() as app:
        return actions.take_from_quarantine(app, which, who=who or actions.whoami())


def document_as_it_came(which: str, who: str | None, *, secrets: bool) -> dict[str, Any]:
    """Give the same for machines; what is no text comes in base64."""
    if not secrets:
        return {"id": which, "raw": text_as_it_came(which)}
    raw = bytes_as_they_came(which, who)
    try:
        return {"id": which, "raw": raw.decode()}
    except UnicodeDecodeError:
        return {"id": which, "raw_base64": base64.b64encode(raw).decode("ascii")}


def _one(app: App, which: str) -> tuple[Kept, bytes]:
    kept = app.store.read(lambda db: quarantine.one(db, which))
    raw = app.store.read(lambda db: quarantine.raw(db, app.vault, which))
    if kept is None or raw is None:
        raise Problem(f"there is no {which}; toritsugi quarantine list --all shows all")
    return kept, raw


def _faults(app: App, kept: Kept, raw: bytes) -> list[Fault]:
    """Give what is wrong by today's reading, with places in the message itself; else as it was."""
    read = read_again(came(kept), raw, app.limits.message_bytes)
    found = [one.outcome for one in read if isinstance(one.outcome, Malformed)]
    faults = [fault for one in found for fault in one.faults]
    return faults or [Fault(kept.place or "", _without_place(kept))]


def _without_place(kept: Kept) -> str:
    return kept.message.removeprefix(f"{kept.place}: ")


def _placed(fault: Fault, text: Shown) -> dict[str, Any]:
    spot = text.spot(fault.place)
    where = {} if spot is None else {"line": spot.line, "column": spot.column}
    return {"place": fault.place, "message": fault.message, **where}


def _pages(
    kept: Kept, faults: Sequence[Fault], text: Shown, zone: ZoneInfo
) -> Iterator[RenderableType]:
    head = table("", "", title=kept.id)
    for name in (*FIELDS, *ENDED):
        if (value := getattr(kept, name)) is not None:
            add(head, name.replace("_", " "), local(value, zone))
    add(head, "times", f"of {zone.key}")
    yield head
    for fault in faults:
        yield line(f"\n{fault}", style="yellow")
        if (spot := text.spot(fault.place)) is not None:
            yield from map(whole, excerpt(text, spot))
    if kept.outcome is None:
        yield line()
        yield from (whole(words.format(kept.id, text.suffix)) for words in NEXT)


# ---- Its end -------------------------------------------------------------------------------------


def release(which: str, path: Path | None, who: str | None, why: str) -> Answer:
    """Feed a message in again, as it came or as the file has it."""
    word = word_of(who, why)
    repaired = None if path is None else Repaired(read_bytes(path), path.name)
    with opened() as app:
        found = actions.release(app, which, word, repaired)
    return Answer(asdict(found), lambda _columns: [line(_released(found))])


def release_all(code: str, who: str | None, why: str) -> Answer:
    """Feed in as they came all that wait with this code; status 1 if any is still refused."""
    word = word_of(who, why)
    with opened() as app:
        done = list(actions.release_all(app, code, word))
    lines = [_released(one) if isinstance(one, Released) else str(one) for one in done]
    ok = all(isinstance(one, Released) for one in done)
    document = {"items": [_document(one) for one in done]}
    return Answer(document, lambda _columns: map(line, lines or [f"nothing waits as {code}"]), ok)


def drop(which: str, who: str | None, why: str) -> Answer:
    """Write down that nothing will become of a message."""
    word = word_of(who, why)
    with opened() as app:
        actions.drop(app, which, word)
    words = f"{which} is dropped, and kept as it came"
    return Answer({"id": which, "outcome": "dropped"}, lambda _columns: [line(words)])


def _released(found: Released) -> str:
    words = f"{found.id} was released before, as" if found.before else f"{found.id} is released as"
    return " ".join((words, ", ".join((found.request, *found.others))))


def _document(one: Released | Problem) -> dict[str, Any]:
    return asdict(one) if isinstance(one, Released) else one.as_dict()
