"""Short repeats inside one call, for readings only: nothing that might file goes through here."""

from __future__ import annotations

import threading

from tenacity import (
    Retrying,
    retry_if_exception,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
    wait_exponential_jitter,
)

from adapters.errors import TryLater

TRIES = 3
FIRST_WAIT_S = 0.1
LONGEST_WAIT_S = 1.0
JITTER_S = 0.1

_PASSING = frozenset({"unreachable", "no_answer", "broken_answer", "server_error"})


def reads(stopping: threading.Event) -> Retrying:
    """Repeats a reading twice at most; waits end at once when `stopping` is set."""
    return Retrying(
        stop=stop_after_attempt(TRIES) | stop_when_event_set(stopping),
        wait=wait_exponential_jitter(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S, jitter=JITTER_S),
        retry=retry_if_exception(worth_repeating),
        sleep=sleep_using_event(stopping),
        reraise=True,
    )


def worth_repeating(error: BaseException) -> bool:
    """Tell a passing trouble; a portal that asks for time or for credentials is left alone."""
    return isinstance(error, TryLater) and error.code in _PASSING
