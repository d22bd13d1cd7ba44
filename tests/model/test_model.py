"""M1: whatever happens in whatever order, ledger, portals and messages keep to the contract.

A run prints its seed; `TORITSUGI_TEST_SEED` brings it again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.ground import Ground
from tests.model.machine import Machine
from tests.model.portals import Portals

STEPS = 25
"""Of one run; then all goes on until it rests, and is looked at as a whole."""
RUNS = {"sqlite": 80, "postgresql": 20}
"""In `make check`: 2,000 steps on SQLite, and a share on PostgreSQL."""
SOAKING = 500
"""Runs of one part of `make soak`: 4 parts on each database make 100,000 steps."""
SEED = os.environ.get("TORITSUGI_TEST_SEED")  # noqa: TID251  (to do once more what was found)


@pytest.fixture(name="ground")
def _ground(tmp_path: Path, database_url: str, embedded_redis_url: str) -> Iterator[Ground]:
    """Give real SQL, a real server and simulated portals, emptied between runs."""
    with Portals() as portals:
        ground = Ground(tmp_path, database_url, embedded_redis_url, portals)
        yield ground
        ground.close()


@pytest.mark.timeout(600)
def test_anything_in_any_order_keeps_the_contract(ground: Ground, database_url: str) -> None:
    """M1: two thousand steps agree with the model, and every run ends with all invariants."""
    play(ground, RUNS[database_url.partition(":")[0].partition("+")[0]])


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("part", range(4))
def test_anything_for_a_long_time(ground: Ground, part: int) -> None:
    """M1: a hundred thousand steps, in parts that run beside each other."""
    assert part in range(4)
    play(ground, SOAKING)


def play(ground: Ground, runs: int) -> None:
    """Let chance choose the steps of so many runs."""
    number = int(SEED or secrets.randbelow(2**32))
    print(f"TORITSUGI_TEST_SEED={number}")  # noqa: T201  (shown when it fails)
    run_state_machine_as_test(
        seed(number)(lambda: Machine(ground)),  # type: ignore[arg-type]  # any maker will do
        settings=settings(
            max_examples=runs,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
