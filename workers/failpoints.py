"""Places where a process can be made to end, so that tests see what it leaves behind.

`FAILPOINT=name[@request][:nth][=how]` arms one place, for one request if it says so, at the nth
time it is reached. Not armed, `reach` is `nothing`. Never changes what is done, only how far.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import threading
from collections.abc import Callable

import structlog

Reach = Callable[..., None]
"""Called as `reach(name)` or `reach(name, request)` where the process stands at a place."""

POINTS = {
    "record.received": "a message was received, nothing of it is stored",
    "record.written": "it is written, not committed",
    "record.stored": "it is committed, nobody was hinted",
    "record.hinted": "a worker was hinted, the sender has no answer yet",
    "mail.fetched": "a mail was fetched, nothing of it is stored",
    "mail.kept": "it is stored as it came, nobody has looked into it",
    "mail.dealt": "what it brings is committed, what became of it is not written down",
    "mail.settled": "what became of it is committed, the mailbox shows it as new",
    "mail.flagged": "the mailbox shows it as seen, in the folder that it came to",
    "sweep.taken": "what is due is written down as hinted, and nobody was",
    "step.fetched": "a hint has left Redis, nothing is claimed",
    "step.claimed": "the request is claimed, nothing is done",
    "assess.decided": "the rules have spoken, nothing is written",
    "assess.stored": "the verdict is committed, the portal's workers were not hinted",
    "submit.reserved": "promise and intention are written, not committed",
    "submit.before_call": "the intention is committed, nothing was sent",
    "submit.call_sent": "the portal has answered, and nobody has read it",
    "submit.noted": "the portal has taken the order, and where to ask for it is committed",
    "submit.after_call": "the ticket is known, nothing is written",
    "submit.looked_up": "an open attempt was looked up, nothing is written",
    "submit.absent": "the attempt is proven to have left nothing, no other one was begun",
    "outcome.written": "ticket, posting and events are written, not committed",
    "outcome.stored": "they are committed, nothing is published",
    "publish.taken": "events were taken to be published, the stream has none of them",
    "publish.sent": "the stream has them, they are not marked",
    "publish.marked": "they are marked",
    "route.made_out": "deliveries are written, not committed",
    "route.stored": "they are committed, nobody has taken one",
    "deliver.claimed": "a delivery is claimed, nothing was sent",
    "reply.kept": "a letter is committed, nothing was sent",
    "reply.taken": "the mail server has taken it, and nobody has read its answer",
    "deliver.sent": "the receiver has taken it, nothing is written",
    "deliver.written": "that it was taken is written, not committed",
    "deliver.stored": "it is committed, the next one was not looked at",
}
"""Every place, and what stands and what does not when a process ends there."""

log = structlog.get_logger()
KILLED = 137
_FORM = re.compile(
    r"(?P<name>[a-z_.]+)(?:@(?P<request>[\w-]+))?(?::(?P<nth>\d+))?(?:=(?P<how>\w+))?"
)


def nothing(name: str, request: str = "") -> None:
    """Go on: no place is armed."""


def reaching(text: str | None) -> Reach:
    """Read what is to be armed; raise `ValueError` that says what there is."""
    if not text:
        return nothing
    found = _FORM.fullmatch(text)
    if found is None or found["name"] not in POINTS:
        raise ValueError(f"no fail-point {text}; there are {', '.join(POINTS)}")
    if (how := found["how"] or "exit") not in HOW:
        raise ValueError(f"a process ends by one of {', '.join(HOW)}, not by {how}")
    log.warning("failpoint.armed", failpoint=text)
    return _Armed(found["name"], found["request"], int(found["nth"] or 1), HOW[how]).reach


class _Armed:
    """One place, counted over all threads of the process."""

    def __init__(self, name: str, request: str | None, nth: int, end: Callable[[], None]) -> None:
        self._name = name
        self._request = request
        self._left = nth
        self._end = end
        self._counting = threading.Lock()

    def reach(self, name: str, request: str = "") -> None:
        if name != self._name or self._request not in (None, request):
            return
        with self._counting:
            self._left -= 1
            now = self._left == 0
        if now:
            self._end()


def _exit() -> None:
    os._exit(KILLED)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _segfault() -> None:
    ctypes.string_at(0)


HOW: dict[str, Callable[[], None]] = {"exit": _exit, "stop": _stop, "segfault": _segfault}
"""`exit`: at once, as by SIGKILL. `stop`: as by SIGSTOP, until SIGCONT. `segfault`: as bad luck."""
