"""`python -m tests.mutants [WORD …]`: makes each fault in a copy, and tells which test noticed.

Exit status 0 only if the tests pass without a fault and every fault makes one of them fail. With
words, only the faults whose name has one of them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests.house.tree import ROOT, files
from tests.mutants.mutant import Mutant, mutants

NOTICED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
LONGEST_S = 300


def main() -> int:
    """Make every fault that is asked for; give the exit status."""
    screen = Console(highlight=False)
    chosen = [one for one in mutants() if _wanted(one.name)]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _copy(root)
        healthy = _notice(root, {test for one in chosen for test in one.tests})
        if healthy is not None:
            screen.print(f"the tests fail without any fault: {healthy}")
            return 1
        missed = 0
        for number, mutant in enumerate(chosen, 1):
            began = time.monotonic()
            noticed = _try(root, mutant)
            missed += noticed is None
            screen.print(f"{number:>2} {time.monotonic() - began:3.0f} s  {mutant.name}")
            screen.print(f"         {noticed or 'NOBODY NOTICED'}", soft_wrap=True)
    screen.print(f"mutants: {len(chosen)} made, {len(chosen) - missed} noticed, {missed} missed")
    return int(missed > 0)


def _wanted(name: str) -> bool:
    words = sys.argv[1:]
    return not words or any(word in name for word in words)


def _copy(root: Path) -> None:
    for path in files("*"):
        there = root / path.relative_to(ROOT)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there)


def _try(root: Path, mutant: Mutant) -> str | None:
    if not mutant.fits(root):
        raise SystemExit(f"{mutant.name}: {mutant.file} has changed; correct mutants.yaml")
    before = mutant.apply(root)
    try:
        return _notice(root, set(mutant.tests))
    finally:
        mutant.undo(root, before)


def _notice(root: Path, tests: set[str]) -> str | None:
    """Run the tests until one fails; give its name."""
    done = subprocess.run(  # noqa: S603  (our own tests)
        [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *sorted(tests)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_S,
    )
    if done.returncode == 0:
        return None
    found = NOTICED.search(done.stdout)
    return found[1] if found else f"pytest {done.returncode}: {done.stdout[-300:]}"


if __name__ == "__main__":
    sys.exit(main())
