"""`python -m bench`: measures the pipeline.

Exit status: 0 measured and exact, 1 not, 2 wrong use, 130 stopped.
"""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench import databases, report
from bench.figures import Figures, middle
from bench.measuring import Plan, measure
from ops.output import complain, tell
from ops.problem import Problem
from ops.waiting import stop_signals

EPILOGUE = """\
how to read it:
  requests per second   from just before the first XADD until the last request.submitted event was
                        read back. All processes, the simulated portals and this sender share the
                        machine's processors: it says what one machine does with everything on it.
  XADD to accepted      by the Redis server's clock (the ids of the two stream entries), for the
  XADD to submitted     request in the middle (p50) and the one that 99 in 100 stay below (p99).
                        Without --rate all requests are there at once, so most of it is waiting in
                        line; for the time a single request takes say --rate 5 or so.
  CPU s per 1,000       processor seconds that 1,000 requests cost each process, user and system,
                        all threads and children. The steadiest figure on a busy machine: compare
                        this one first. SQLite's work is within our processes; PostgreSQL's is in
                        its backends, which are listed apart (only when its server is here).
  peak MiB              the most memory each process ever held, its start included.
  ratios                PostgreSQL by SQLite within this very run. Compare ratios and not figures
                        between machines, and read factors of 2 rather than 20 percent.

A run counts only if it is exact: as many requests submitted as sent, no event, ticket or deduction
twice, `ledger verify` clean. Otherwise the exit status is 1 and there are no figures.

The workers' settings (TORITSUGI_CONCURRENCY and so on) apply. PostgreSQL is looked for where
TORITSUGI_TEST_POSTGRESQL says, or at its usual place on this machine; the database is made and
dropped. TMPDIR says on which disk SQLite and Redis write; nothing is left there.
"""


def main(words: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(words)
    try:
        with stop_signals() as stopping:
            return _run(given, stopping)
    except Problem as problem:
        return complain(problem, as_json=given.json)


def _run(given: argparse.Namespace, stopping: threading.Event) -> int:
    plan = Plan(requests=given.requests, warm_up=given.warm_up, rate=given.rate)
    kinds = databases.kinds(given.database)
    runs: dict[str, list[Figures]] = {kind: [] for kind in kinds}
    with _bars(quiet=given.json) as bars:
        for number in range(given.rounds):
            for kind in kinds:
                name = kind if given.rounds == 1 else f"{kind} {number + 1}/{given.rounds}"
                runs[kind].append(measure(kind, plan, stopping, _steps(bars, name, plan)))
    shown = [middle(found) for found in runs.values()]
    return tell(report.answer(plan, shown, _notes(kinds, given)), as_json=given.json)


def _steps(bars: Progress, name: str, plan: Plan) -> Callable[[str], Callable[[int], None]]:
    """Show a bar for each part of a measurement."""
    totals = {"warming up": plan.warm_up, "measuring": plan.requests}

    def begin(part: str) -> Callable[[int], None]:
        bar = bars.add_task(f"{name}: {part}", total=totals[part])
        return lambda done: bars.update(bar, completed=done)

    return begin


def _bars(*, quiet: bool) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    screen = Console(stderr=True)
    hidden = quiet or not screen.is_terminal
    return Progress(*columns, TimeElapsedColumn(), console=screen, disable=hidden)


def _notes(kinds: Sequence[str], given: argparse.Namespace) -> list[str]:
    notes = []
    if databases.POSTGRESQL not in kinds and given.database is None:
        notes.append(f"no PostgreSQL server answers, so it was {report.NOT_MEASURED}")
    if given.rounds > 1:
        notes.append(f"of {given.rounds} rounds, the one of median speed is shown")
    return notes


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench",
        description="Measures the whole pipeline, stream in to event out, on simulated portals.",
        epilog=EPILOGUE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=_count, default=500, metavar="N", help="measured")
    parser.add_argument("--warm-up", type=_count, default=96, metavar="N", help="sent before them")
    parser.add_argument("--rate", type=_rate, metavar="N", help="requests sent a second")
    parser.add_argument("--rounds", type=_count, default=1, metavar="N", help="show the median of")
    parser.add_argument("--database", choices=databases.KINDS, help="only this one")
    parser.add_argument("--json", action="store_true", help="one document for machines")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _rate(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


if __name__ == "__main__":
    sys.exit(main())
