"""How a sandbox is to behave, from the command line or a test. Reads no environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.azure.operations import Rhythm
from sandbox.azure.plans import Plans


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Defaults are those of `python -m sandbox` without arguments."""

    #: Folder of the SQLite file; None keeps nothing.
    state: Path | None = None
    #: Rules of `sandbox.faults`.
    faults: tuple[Mapping[str, Any], ...] = ()
    #: Wait before every portal's answer.
    latency_s: float = 0.0
    #: How long Azure's operations are in progress.
    rhythm: Rhythm = field(default_factory=Rhythm)
    plans: Plans = field(default_factory=Plans)
