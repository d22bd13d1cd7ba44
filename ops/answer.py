"""What a command answers: one document for machines, pages for people, and the exit status."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from ops.problem import FAILED

Pages = Callable[[int], Iterable[RenderableType]]
"""What people see on so many columns."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one command."""

    document: Any
    pages: Pages = lambda _columns: ()
    ok: bool = True

    @property
    def status(self) -> int:
        return 0 if self.ok else FAILED
