"""What a drill tells at its end: the count as one table and one line, and the times of rescue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ops.answer import Answer
from ops.drill.count import Count
from ops.drill.rescue import Rescue
from ops.drill.schedule import Trouble, digest
from ops.drill.troubles import Met
from ops.output import add, line, table, whole

BOUND_S = 15.0
"""What is promised for a worker that was killed, with default settings."""
SHOWN = 20
"""So many findings people see; the document has them all."""
MEANINGS = {
    "attempted": "distinct requests sent",
    "acknowledged": "of these, the sender saw the acknowledgement",
    "ok": "of these, all is as their content asks",
    "excused": "ended otherwise for a trouble that proves it",
    "under_way": "not ended, since the drill was stopped",
    "lost": "acknowledged, and not ended or without ticket or events",
    "duplicated": "two tickets, deductions, or events for one fact",
    "recovered": "ok, after its worker or an answer was lost",
    "unexpected": "nobody asked for it, or nothing explains it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything there is to be told."""

    seed: int
    minutes: float
    rate: float
    database: str
    schedule: Sequence[Trouble]
    met: Sequence[Met]
    count: Count
    rescues: Sequence[Rescue]
    never_taken_up: Sequence[str]
    settled_s: float | None
    """How long it took after the last trouble until all rested; None: it never did."""
    events_missed: int
    """Events that the receiver had only after they were published again."""
    ended: Sequence[str]
    """Processes that ended without being killed, and their exit status."""
    folder: str
    stopped: bool

    def times_s(self, kind: str, *, parked: bool = False) -> list[float]:
        """Give how long each rescue took, of those that had to wait for a parked portal or not."""
        return sorted(
            one.took_s for one in self.rescues if (one.trouble.kind, one.parked) == (kind, parked)
        )


def answer(found: Result) -> Answer:
    return Answer(_document(found), lambda _columns: _pages(found), ok=found.count.clean)


def summary(found: Result) -> str:
    """Give the one line."""
    names = ("attempted", "acknowledged", "ok", "lost", "duplicated", "recovered", "unexpected")
    return ", ".join(f"{name} {getattr(found.count, name)}" for name in names)


def _document(found: Result) -> dict[str, Any]:
    times = {kind: [round(one, 2) for one in found.times_s(kind)] for kind in ("kill", "stop")}
    return {
        "summary": summary(found),
        **asdict(found.count),
        "clean": found.count.clean,
        "seed": found.seed,
        "minutes": found.minutes,
        "rate": found.rate,
        "database": found.database,
        "faults": digest(found.schedule),
        "schedule": [astuple(one) for one in found.schedule],
        "missed": [_missed(one) for one in found.met if one.missed],
        "rescue_s": times,
        "rescue_parked_s": [round(one, 2) for one in found.times_s("kill", parked=True)],
        "late": list(_late(found)),
        "never_taken_up": found.never_taken_up,
        "settled_s": found.settled_s,
        "events_missed": found.events_missed,
        "ended_by_themselves": found.ended,
        "stopped": found.stopped,
        "folder": found.folder,
    }


def _missed(met: Met) -> dict[str, Any]:
    trouble = met.trouble
    return {"at_s": trouble.at_s, "kind": trouble.kind, "target": trouble.target, "why": met.missed}


# ---- For people ----------------------------------------------------------------------------------


def _pages(found: Result) -> Iterator[RenderableType]:
    yield line("")
    yield from _rescue_pages(found)
    yield _count_table(found)
    yield from _finding_pages(found)
    yield line("")
    yield from _notes(found)
    style = "green" if found.count.clean else "red"
    yield Text(summary(found), style=f"bold {style}", no_wrap=True)
    faults = f"faults {digest(found.schedule)}"
    yield line(f"seed {found.seed}, {found.minutes:g} min, {found.database}, {faults}")


def _count_table(found: Result) -> RenderableType:
    shown = table("", "#", "", title="Count")
    for name, meaning in MEANINGS.items():
        number = getattr(found.count, name)
        bad = number and name in ("lost", "duplicated", "unexpected")
        add(shown, name.replace("_", " "), number, meaning, style="red" if bad else None)
    return shown


def _finding_pages(found: Result) -> Iterator[RenderableType]:
    if not found.count.findings:
        return
    shown = table("verdict!", "where!", "what", title="\nFindings")
    for one in found.count.findings[:SHOWN]:
        add(shown, one.verdict, one.where, one.words)
    yield shown
    if (more := len(found.count.findings) - SHOWN) > 0:
        yield line(f"and {more} more; --json has them all")


def _rescue_pages(found: Result) -> Iterator[RenderableType]:
    for kind, words in (("kill", "SIGKILL"), ("stop", "SIGSTOP")):
        if times := found.times_s(kind):
            number, worst = len(times), f"worst {times[-1]:.1f} s"
            yield line(
                f"Rescue after {words} of a worker: {number} requests, {worst}", style="bold"
            )
            shown = table("from s#", "requests#", "!")
            for second, number in sorted(Counter(int(one) for one in times).items()):
                add(shown, second, number, "█" * min(number, 40))
            yield shown
        if waited := found.times_s(kind, parked=True):
            more = f"{len(waited)} more after {words}, {waited[-1]:.1f} s at most"
            yield line(f"{more}: their portal was parked meanwhile")
        yield line("")
    for words in _late(found):
        yield line(words, style="yellow")


def _late(found: Result) -> Iterator[str]:
    """Tell of each kill after which a rescue took too long, and what else was on meanwhile."""
    late: dict[Trouble, float] = {}
    for one in found.rescues:
        if one.trouble.kind == "kill" and not one.parked and one.took_s > BOUND_S:
            late[one.trouble] = max(one.took_s, late.get(one.trouble, 0.0))
    for met in found.met:
        if (took_s := late.get(met.trouble)) is None:
            continue
        beside = ", ".join(
            f"{other.trouble.kind} {other.trouble.target}"
            for other in found.met
            if other is not met and other.overlaps(met.began_at, met.began_at + took_s)
        )
        what = f"{met.trouble.target} was killed at {met.trouble.at_s:.1f} s"
        yield f"{took_s:.1f} s until all was taken up when {what}; beside: {beside or 'nothing'}"


def _notes(found: Result) -> Iterator[RenderableType]:
    made = sum(one.missed is None for one in found.met)
    yield line(f"{made} troubles made, {len(found.met) - made} not possible when their time came")
    yield line(f"{found.events_missed} events came only when they were published again")
    if found.never_taken_up:
        yield line(f"never taken up: {', '.join(found.never_taken_up)}", style="red")
    for one in found.ended:
        yield line("ended without being killed:", one, style="yellow")
    if found.stopped:
        yield line(
            "stopped before its end: what is under way is neither lost nor ok", style="yellow"
        )
    elif found.settled_s is None:
        yield line("not everything came to rest", style="red")
    else:
        yield line(f"all rested {found.settled_s:.0f} s after the last trouble")
    yield whole("everything that was seen:", found.folder)
