"""M1: whatever happens, in whatever order, is held to a contract of one page."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.ground import Ground
from tests.model.machine import Machine
from tests.model.portals import Portals

SEED = os.environ.get("TORITSUGI_TEST_SEED")  # noqa: TID251  (to do again what a run has found)
USUAL = 20_261_128
LENGTH = 25
"""Steps of a run at most; a fifth of all runs are shorter."""
CHECK = {"sqlite": 2_000, "postgresql": 500}
SOAK = {"sqlite": 100_000, "postgresql": 10_000}
PORTION = 10_000
"""Steps of a soak that have a seed of their own."""


@pytest.fixture(name="ground")
def _ground(tmp_path: Path, database_url: str, embedded_redis_url: str) -> Iterator[Ground]:
    """Give a place for many runs on either database."""
    with Portals() as portals:
        ground = Ground(tmp_path, database_url, embedded_redis_url, portals)
        yield ground
        ground.close()


def explore(ground: Ground, steps: int, number: int) -> None:
    """Have at least so many things happen; what breaks the contract is shown as short as can be."""
    ground.runs = ground.steps = 0

    @seed(number)
    class Pipeline(Machine):
        def __init__(self) -> None:
            super().__init__(ground)

    manner = settings(
        max_examples=steps * 4 // (3 * LENGTH),
        stateful_step_count=LENGTH,
        derandomize=False,
        database=None,
        deadline=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(Pipeline, settings=manner)
        assert ground.steps >= steps
    except BaseException as error:
        error.add_note(f"TORITSUGI_TEST_SEED={number} finds it again")
        raise


def chosen(usual: int | None = None) -> int:
    """Give the seed that was asked for, or the usual one, or a new one."""
    if SEED:
        return int(SEED)
    return secrets.randbelow(2**32) if usual is None else usual


@pytest.mark.timeout(900)  # two thousand steps take half a minute, but what they find is shortened
def test_everything_keeps_to_the_contract(ground: Ground) -> None:
    """M1: whatever is sent, done and broken, ledger, portals and messages agree with the model."""
    # The same each time: what breaks it is a change of ours. New ones are for a soak.
    explore(ground, CHECK[ground.database], chosen(USUAL))


@pytest.mark.soak
@pytest.mark.timeout(14_400)
def test_it_does_so_for_long(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    """M1: the same, for as long as it takes to find what is rare."""
    for _ in range(1 if SEED else SOAK[ground.database] // PORTION):
        number, began = chosen(), time.monotonic()
        explore(ground, PORTION, number)
        took = f"{time.monotonic() - began:.0f} s"
        line = (
            f"{ground.database}: {ground.steps:,} steps in {ground.runs} runs agree with the model"
        )
        with capsys.disabled():
            print(f"{line}, {took}, seed {number}")  # noqa: T201  (what a soak is for)
