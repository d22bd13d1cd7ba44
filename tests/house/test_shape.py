from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from ledger.requests import ASSESS
from tests.house.tree import ROOT, files, modules
from workers.actors import STEPS
from workers.app import QUEUES
from workers.processes import PROCESSES

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
IMPORT_ALL = """
import importlib, sys, threading
for name in sys.argv[1:]:
    importlib.import_module(name)
print([thread.name for thread in threading.enumerate()])
"""


def too_long(path: Path) -> list[str]:
    """Give what in a file is too long to be read in one go."""
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(ROOT))
    lines = sum(bool(line.strip()) for line in text.splitlines())
    functions = [
        f"{name}: {node.name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    return [name] * (lines > LONGEST_FILE) + functions


def test_files_and_functions_are_short() -> None:
    """No file over 400 lines that say something, no function over 50; migrations apart."""
    paths = [path for path in files("*.py") if "versions" not in path.parts]

    assert [one for path in paths for one in too_long(path)] == []


def test_importing_does_nothing() -> None:
    """Importing every module starts no thread, opens nothing and prints nothing."""
    done = subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-W", "error", "-c", IMPORT_ALL, *modules()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "['MainThread']\n"


def test_every_queue_has_an_actor_and_every_process_a_line() -> None:
    """What is hinted is worked on; what runs stands in the Procfile."""
    procfile = (ROOT / "Procfile").read_text(encoding="utf-8")

    assert set(STEPS) == {ASSESS, *QUEUES.values()}
    assert {line.partition(":")[0] for line in procfile.splitlines() if line} == set(PROCESSES)


def test_requirements_are_hashed_and_name_no_registry() -> None:
    """Every pinned package has its hashes, and no file says where packages come from."""
    for path in files("requirements/*.txt"):
        text = path.read_text(encoding="utf-8")
        pinned = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
        assert pinned
        assert all(line.endswith("\\") for line in pinned), path
        assert "://" not in text
        assert "index-url" not in text
