"""What a check of the doctor says: all is well, or what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's."""

    name: str
    ok: bool
    says: str
    remedy: str = ""


def fine(name: str, says: str) -> Check:
    return Check(name, ok=True, says=says)


def wrong(name: str, says: str, remedy: str) -> Check:
    return Check(name, ok=False, says=says, remedy=remedy)


def judged(name: str, says: str, remedy: str, *, ok: bool) -> Check:
    return fine(name, says) if ok else wrong(name, says, remedy)
