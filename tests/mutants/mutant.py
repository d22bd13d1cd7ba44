"""One fault: a piece of a file, what stands there instead, and the tests that have to notice."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

LIST = Path(__file__).parent / "mutants.yaml"


@dataclass(frozen=True, slots=True)
class Mutant:
    """Without its `before` once in its file, it is no mutant of today's code."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]

    def fits(self, root: Path) -> bool:
        """Whether the code still has the piece, once."""
        return self._text(root).count(self.before) == 1

    def apply(self, root: Path) -> str:
        """Make the fault; give the file's text from before."""
        text = self._text(root)
        (root / self.file).write_text(text.replace(self.before, self.after), encoding="utf-8")
        return text

    def undo(self, root: Path, text: str) -> None:
        (root / self.file).write_text(text, encoding="utf-8")

    def _text(self, root: Path) -> str:
        return (root / self.file).read_text(encoding="utf-8")


def mutants() -> list[Mutant]:
    """Read the list."""
    found = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return [Mutant(**{**one, "tests": tuple(one["tests"])}) for one in found]
