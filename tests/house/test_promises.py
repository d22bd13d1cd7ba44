"""Every fault of the catalogue has its test, and the page of promises names tests that exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, files

PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(?:[\w/]+/)?(test_\w+\.py)`")
ID = re.compile(r"\b([KRDBPTM])(\d+)(?:\s*(?:-|–|to)\s*[KRDBPTM]?(\d+))?")
CATALOGUE = {
    "K": {*range(1, 14), 15, 16},
    "R": set(range(1, 7)),
    "D": set(range(1, 5)),
    "B": {1, 2, 3, 4, 6, 7},
    "P": set(range(1, 6)),
    "T": {1},
    "M": {1},
}
"""Which faults are made here; the catalogue has others, such as days of soaking."""


def shown(path: Path) -> Iterator[tuple[str, int]]:
    """Give the faults that the docstrings of a file's tests name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for letter, first, last in ID.findall(ast.get_docstring(node) or ""):
                for number in range(int(first), int(last or first) + 1):
                    yield letter, number


def test_every_fault_has_its_test() -> None:
    """No fault of the catalogue is left out, none is named that it does not have."""
    found = {fault for path in files("tests/**/test_*.py") for fault in shown(path)}

    assert found == {(letter, number) for letter, all_ in CATALOGUE.items() for number in all_}


def test_the_page_names_tests_that_exist() -> None:
    """Whoever doubts a promise finds the test that shows it."""
    names = {path.name for path in files("tests/**/test_*.py")}

    assert len(set(NAMED.findall(PAGE))) > 10
    assert set(NAMED.findall(PAGE)) <= names
