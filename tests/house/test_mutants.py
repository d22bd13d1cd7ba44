"""The list of faults made on purpose is one of today's code."""

from __future__ import annotations

import pytest

from tests.house.tree import ROOT
from tests.mutants.mutant import Mutant, mutants


@pytest.mark.parametrize("mutant", mutants(), ids=lambda one: str(one.name))
def test_every_fault_can_be_made(mutant: Mutant) -> None:
    """Its piece of code stands there once, and there are tests to notice."""
    assert mutant.fits(ROOT)
    assert mutant.before != mutant.after
    assert mutant.tests
    assert all((ROOT / test.partition("::")[0]).exists() for test in mutant.tests)
