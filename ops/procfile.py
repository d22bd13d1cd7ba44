"""The Procfile: which processes there are, and how our own supervisor runs each."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from honcho.environ import parse_procfile  # type: ignore[import-untyped]  # it has no types

from ops.child import Program
from ops.problem import Problem

PROCFILE = Path(__file__).parents[1] / "Procfile"
OURS = "toritsugi"
LAYER = 2


def programs(settings: Mapping[str, str], path: Path = PROCFILE) -> list[Program]:
    """Give each process of the file, to run under these settings."""
    if not path.is_file():
        raise Problem(f"there is no Procfile at {path}: run toritsugi from its source folder")
    lines: Mapping[str, str] = parse_procfile(path.read_text(encoding="utf-8")).processes
    return [Program(name, _command(line), settings, LAYER) for name, line in lines.items()]


def _command(line: str) -> tuple[str, ...]:
    """Run our own command with this very Python: the PATH need not hold it."""
    first, *rest = shlex.split(line)
    return (sys.executable, "-m", "ops", *rest) if first == OURS else (first, *rest)
