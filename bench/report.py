"""The figures for people, a table for each database, and for machines. Reckons nothing."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import RenderableType

from bench.databases import POSTGRESQL, SQLITE
from bench.figures import Cost, Figures, ratios
from bench.measuring import Plan
from ops.answer import Answer
from ops.output import add, line, table

NOT_MEASURED = "not measured"


def answer(plan: Plan, runs: Sequence[Figures], notes: Sequence[str]) -> Answer:
    """Give the whole report."""
    return Answer(_document(plan, runs, notes), lambda _columns: _pages(plan, runs, notes))


def _document(plan: Plan, runs: Sequence[Figures], notes: Sequence[str]) -> dict[str, Any]:
    return {
        "plan": asdict(plan),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "runs": [_run(run) for run in runs],
        "ratios": dict(_ratios(runs)),
        "notes": list(notes),
    }


def _run(run: Figures) -> dict[str, Any]:
    whole = run.cpu_s_per_thousand
    return {**asdict(run), "requests_per_s": run.requests_per_s, "cpu_s_per_thousand": whole}


def _ratios(runs: Sequence[Figures]) -> list[tuple[str, float]]:
    by_kind = {run.database: run for run in runs}
    if POSTGRESQL not in by_kind or SQLITE not in by_kind:
        return []
    return list(ratios(by_kind[POSTGRESQL], by_kind[SQLITE]).items())


def _pages(plan: Plan, runs: Sequence[Figures], notes: Sequence[str]) -> Iterator[RenderableType]:
    for run in runs:
        yield from _tables(run)
    if found := _ratios(runs):
        shown = table("postgresql / sqlite", "ratio#")
        for name, ratio in found:
            add(shown, name, f"{ratio:.2f}")
        yield shown
        yield line()
    yield line(
        f"{os.cpu_count()} processors, Python {platform.python_version()}, "
        f"{plan.requests} requests after {plan.warm_up} to warm up; every run was exact"
    )
    yield from (line("note:", note, style="yellow") for note in notes)


def _tables(run: Figures) -> Iterator[RenderableType]:
    speed = table(f"{run.database}: {run.requests} requests, stream in to event out", "#")
    add(speed, "requests per second", f"{run.requests_per_s:.1f}")
    for name, latency in (("accepted", run.accepted), ("submitted", run.submitted)):
        add(speed, f"XADD to {name}, p50", f"{latency.p50_ms:,.0f} ms")
        add(speed, f"XADD to {name}, p99", f"{latency.p99_ms:,.0f} ms")
    yield speed
    yield line()
    spent = table("process", "CPU s per 1,000#", "peak MiB#")
    for name, cost in run.processes.items():
        add(spent, name, *_cost(cost))
    if run.cpu_s_per_thousand is not None:
        add(spent, "all but bench", f"{run.cpu_s_per_thousand:.2f}", "", style="bold")
    yield spent if run.processes else line("processor time and memory:", NOT_MEASURED)
    yield line()


def _cost(cost: Cost) -> tuple[str, str]:
    cpu, peak = cost.cpu_s_per_thousand, cost.peak_mib
    return (
        NOT_MEASURED if cpu is None else f"{cpu:.2f}",
        NOT_MEASURED if peak is None else f"{peak:.0f}",
    )
