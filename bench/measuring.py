"""One measurement: everything started, warmed up, loaded, looked at, proven and stopped again."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench import exactness, figures, usage
from bench.databases import database
from bench.figures import BACKENDS, OWN, Figures
from bench.load import load
from bench.pipeline import Pipeline, running
from bench.traffic import Passage, Progress, Traffic
from bench.usage import Usage
from contracts.event_data import Accepted, Submitted
from ops.problem import Problem

WORST = ("warning", "error", "critical")
LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be measured."""

    requests: int
    warm_up: int
    rate: float | None
    """Requests a second; None: as fast as the stream takes them."""


def measure(
    kind: str, plan: Plan, stopping: threading.Event, progress: Callable[[str], Progress]
) -> Figures:
    """Measure on a database of this kind; leave nothing behind. Raise `Problem` unless exact."""
    incidents = plan.requests + plan.warm_up
    with (
        tempfile.TemporaryDirectory(prefix="toritsugi-bench-") as made,
        database(kind, Path(made)) as empty,
        running(empty, Path(made), incidents, stopping) as pipeline,
    ):
        try:
            return _measure(pipeline, plan, stopping, progress)
        except Problem as problem:
            raise Problem(
                f"{kind}: {problem.message}",
                status=problem.status,
                faults=[*problem.faults, *_complaints(pipeline.log)],
            ) from None


def _measure(
    pipeline: Pipeline, plan: Plan, stopping: threading.Event, progress: Callable[[str], Progress]
) -> Figures:
    traffic = Traffic(pipeline.app, stopping)
    traffic.carry(load("warm", plan.warm_up), progress("warming up"))
    traffic.rate = plan.rate
    main = load("bench", plan.requests)
    pids, before = pipeline.pids(), _look(pipeline)
    passage = traffic.carry(main, progress("measuring"))
    after = _look(pipeline)
    if pipeline.pids() != pids:
        raise Problem("a process ended while it was measured")
    wrong = exactness.faults(pipeline, main, passage.tally, plan.requests + plan.warm_up)
    if wrong:
        raise Problem("the run was not exact", faults=[{"what": one} for one in wrong])
    return _figures(pipeline, passage, before, after)


def _figures(
    pipeline: Pipeline,
    passage: Passage,
    before: Mapping[str, Usage] | None,
    after: Mapping[str, Usage] | None,
) -> Figures:
    at_ms = passage.tally.at_ms
    requests = len(at_ms[Submitted.TYPE])
    return Figures(
        database=pipeline.database.kind,
        requests=requests,
        took_s=passage.took_s,
        accepted=figures.latency(passage.sent_at_ms, at_ms[Accepted.TYPE]),
        submitted=figures.latency(passage.sent_at_ms, at_ms[Submitted.TYPE]),
        processes=figures.costs(before, after, requests),
    )


def _look(pipeline: Pipeline) -> dict[str, Usage] | None:
    """Look at every process, the database server's and our own too."""
    sessions = {name: [pid] for name, pid in pipeline.pids().items()}
    if backends := pipeline.database.backends():
        sessions[BACKENDS] = list(backends)
    found, own = usage.usages(sessions), usage.own()
    return None if found is None or own is None else {**found, OWN: own}


def _complaints(log: Path) -> list[dict[str, str]]:
    """Give the last lines of the log that say that something is wrong, before it goes."""
    with log.open(encoding="utf-8", errors="replace") as lines:
        worst = [line.strip() for line in lines if any(f'"level":"{one}"' in line for one in WORST)]
    return [{"log": line} for line in worst[-LINES:]]
