"""What a command says when it cannot do what was asked: one sentence, and the exit status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FAILED = 1
WRONG_USE = 2


class Problem(Exception):
    """Ends a command. `faults` are listed below the sentence, and in the JSON document."""

    def __init__(
        self, message: str, *, status: int = FAILED, faults: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.faults = tuple(faults)

    def as_dict(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "faults": [dict(one) for one in self.faults]}}


def bad_input(message: str, faults: Sequence[Mapping[str, Any]] = ()) -> Problem:
    """Say that the user gave something that cannot be used."""
    return Problem(message, status=WRONG_USE, faults=faults)
