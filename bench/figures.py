"""The figures of a run, reckoned from what was observed. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.usage import Usage

THOUSAND = 1_000
OWN = "bench (sender, reader)"
BACKENDS = "postgresql backends"


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from XADD to an event's entry in the stream."""

    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process used; None: not measured."""

    cpu_s_per_thousand: float | None
    peak_mib: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One load through the pipeline on one database."""

    database: str
    requests: int
    took_s: float
    accepted: Latency
    submitted: Latency
    processes: Mapping[str, Cost]

    @property
    def requests_per_s(self) -> float:
        return self.requests / self.took_s

    @property
    def cpu_s_per_thousand(self) -> float | None:
        """All processes together, without the benchmark's own."""
        costs = [cost.cpu_s_per_thousand for name, cost in self.processes.items() if name != OWN]
        known = [cost for cost in costs if cost is not None]
        return sum(known) if known else None


def latency(sent_at_ms: Mapping[str, int], heard_at_ms: Mapping[str, int]) -> Latency:
    """Give the middle and the tail of the waits of all requests."""
    waits = sorted(at - sent_at_ms[number] for number, at in heard_at_ms.items())
    return Latency(percentile(waits, 50), percentile(waits, 99))


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Give the smallest value that so many percent do not exceed (nearest rank)."""
    return float(ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)])


def costs(
    before: Mapping[str, Usage] | None, after: Mapping[str, Usage] | None, requests: int
) -> dict[str, Cost]:
    """Give what each process used between two looks."""
    if before is None or after is None:
        return {}
    return {
        name: Cost((used.cpu_s - before[name].cpu_s) / requests * THOUSAND, _peak(name, used))
        for name, used in after.items()
    }


def _peak(name: str, used: Usage) -> float | None:
    """Give no sum for the server's backends: each counts the memory that all of them share."""
    return None if name == BACKENDS else used.peak_kib / 1024


def middle(runs: Sequence[Figures]) -> Figures:
    """Give the run of median speed."""
    return sorted(runs, key=lambda run: run.requests_per_s)[(len(runs) - 1) // 2]


def ratios(one: Figures, other: Figures) -> dict[str, float]:
    """Give `one` by `other`, figure by figure."""
    found = {
        "requests per second": one.requests_per_s / other.requests_per_s,
        "p50 XADD to accepted": _ratio(one.accepted.p50_ms, other.accepted.p50_ms),
        "p99 XADD to accepted": _ratio(one.accepted.p99_ms, other.accepted.p99_ms),
        "p50 XADD to submitted": _ratio(one.submitted.p50_ms, other.submitted.p50_ms),
        "p99 XADD to submitted": _ratio(one.submitted.p99_ms, other.submitted.p99_ms),
    }
    if one.cpu_s_per_thousand and other.cpu_s_per_thousand:
        found["CPU seconds per 1,000"] = one.cpu_s_per_thousand / other.cpu_s_per_thousand
    return found


def _ratio(one: float, other: float) -> float:
    """Reckon with a millisecond at least: finer the stream's clock does not tell."""
    return max(one, 1.0) / max(other, 1.0)
