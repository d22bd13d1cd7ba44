"""Errors in plain words: what happened, and what to do. Tracebacks go to the event log alone."""

from __future__ import annotations

import redis

from ledger.schema import NoLedger
from ledger.store import DatabaseError
from ledger.vault import VaultError
from ops.problem import Problem, bad_input
from workers.bootstrap import SettingsError

WORDS: dict[type[Exception], str] = {
    NoLedger: (
        "there is no ledger in {error}: name another in TORITSUGI_DATABASE_URL or TORITSUGI_VAR,"
        " or make one here with toritsugi up or toritsugi directory import FILE"
    ),
    VaultError: "{error}",
    DatabaseError: "the database says no ({kind}); toritsugi doctor tells more",
    redis.RedisError: "Redis does not answer ({kind}); toritsugi doctor tells more",
}


def problem_of(error: Exception) -> Problem:
    """Say what an error that nobody expected means for the person at the terminal."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SettingsError):
        faults = [{"message": one} for one in str(error).splitlines()]
        return bad_input("the settings do not hold together; correct these:", faults)
    if isinstance(error, OSError):
        return Problem(f"{error.filename or 'the system'}: {error.strerror or error}")
    for kind, words in WORDS.items():
        if isinstance(error, kind):
            return Problem(words.format(kind=type(error).__name__, error=error))
    return Problem(f"this is a fault of ours ({type(error).__name__}): {error}")
